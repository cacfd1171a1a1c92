package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.address.LinkId.Cloud;
import dev.postern.source.LinkKeys;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of {@code postern.envoy.link-metadata}: what they mean, and what is refused. */
class LinkKeysReaderTest {

    @Test
    void keysAreNamedByCloud() throws IOException {
        // When
        LinkKeys keys = read("{ namespace: our.links, aws: aws_vpce, azure: [azure_pe, ' old_azure '], gcp: gcp_psc,"
                + " other: [authority, ssl] }");
        // Then
        assertThat(keys)
                .isEqualTo(new LinkKeys(
                        "our.links",
                        Map.of(
                                "aws_vpce", Cloud.AWS,
                                "azure_pe", Cloud.AZURE,
                                "old_azure", Cloud.AZURE,
                                "gcp_psc", Cloud.GCP),
                        Set.of("authority", "ssl")));
    }

    @Test
    void unsetNoKeyIsKnownInEnvoysOwnNamespace() throws IOException {
        assertThat(SourceSettingsReader.read(config("postern: { region: local }"))
                        .linkKeys())
                .isEqualTo(new LinkKeys("envoy.filters.listener.proxy_protocol", Map.of(), Set.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ aws: x, gcp: x }|.gcp has 'x', which postern.envoy.link-metadata.aws has too; a key is of one field",
                "{ azure: [x, y], other: ' y' }|.other has 'y', which postern.envoy.link-metadata.azure has too",
                "{ aws: [x, x] }|.aws has 'x', which it has already",
                "{ aws: ' ' }|.aws has ''; expected a name of 1 to 256 characters",
                "{ other: [x, ' '] }|.other has ''; expected a name of 1 to 256 characters",
                "{ namespace: ' ' }|.namespace has ''; expected a name of 1 to 256 characters"
            })
    void whatCannotBeMeantStopsTheStart(String settings, String message) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith("postern.envoy.link-metadata" + message);
    }

    @Test
    void aNameIsBoundInLength() throws IOException {
        assertThat(read("{ aws: " + "x".repeat(256) + " }").clouds()).hasSize(1);
        assertThatThrownBy(() -> read("{ aws: " + "x".repeat(257) + " }")).isInstanceOf(StartFault.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ google: gcp_psc }", "{ aws_vpce: aws }", "{ aws: { key: aws_vpce } }"})
    void unknownSettingsStopTheStart(String settings) {
        assertThatThrownBy(() -> read(settings)).isInstanceOf(ConfigValidationException.class);
    }

    private static LinkKeys read(String linkMetadata) throws IOException {
        return SourceSettingsReader.read(config("postern: { envoy: { link-metadata: " + linkMetadata + " } }"))
                .linkKeys();
    }

    private static PosternConfig config(String yaml) throws IOException {
        return new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("settings", yaml))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
    }
}
