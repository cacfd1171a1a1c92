package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.fetch.HttpsUrl;
import dev.postern.policy.bundle.OpenSsl;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings of a bundle may be. */
class BundleSettingsTest {

    private static final String URL = "https://policies.example.com/postern.tar.gz?v=1";

    @TempDir
    Path directory;

    private static PosternConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
    }

    private static BundleSettings read(Map<String, String> settings) {
        return BundleSettings.read(config(settings), ((HttpsUrl.Understood) HttpsUrl.read(URL)).url());
    }

    @Test
    void nothingNeedsToBeSet() {
        // When
        BundleSettings settings = read(Map.of());
        // Then
        assertThat(settings.question().signing()).isEmpty();
        assertThat(settings.question().bytes()).isEqualTo(16 << 20);
        assertThat(settings.question().expanded()).isEqualTo(64 << 20);
        assertThat(settings.rules().refresh()).hasSeconds(30);
    }

    @Test
    void theSignatureIsBesideTheBundleUnlessItIsNamed() {
        // Given
        String key = new OpenSsl(directory).publicKey("signer").toString();
        String elsewhere = "https://signatures.example.com/a";
        // Then
        assertThat(read(Map.of("postern.bundle.public-key", key))
                        .question()
                        .signing()
                        .orElseThrow()
                        .url()
                        .exact())
                .isEqualTo("https://policies.example.com/postern.tar.gz.sig?v=1");
        assertThat(read(Map.of("postern.bundle.public-key", key, "postern.bundle.signature", elsewhere))
                        .question()
                        .signing()
                        .orElseThrow()
                        .url()
                        .exact())
                .isEqualTo(elsewhere);
    }

    @ParameterizedTest
    @CsvSource({
        "refresh, 500ms",
        "refresh, 61m",
        "timeout, 999ms",
        "timeout, 11m",
        "connect-timeout, 99ms",
        "connect-timeout, 61s",
        "start-timeout, -1s",
        "start-timeout, 11m",
        "max-size, 1023",
        "max-size, 257M",
        "max-expanded-size, 1023",
        "max-expanded-size, 257M",
        "signature, https://policies.example.com/x.sig",
        "refuse-older, true",
        "public-key, /nowhere/policy.pub",
        "allowed-private-addresses, 10.0.0.0/33"
    })
    void whatIsOutOfBoundsOrWithoutEffectStopsTheStart(String key, String value) {
        assertThatThrownBy(() -> read(Map.of("postern.bundle." + key, value)))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("postern.bundle." + key);
    }

    @Test
    void aKeyForAPolicyThatIsNoBundleStopsTheStart() {
        // Given
        PosternConfig config =
                config(Map.of("postern.policy", "/etc/postern/policy.d", "postern.bundle.public-key", "a"));
        // Then
        assertThatThrownBy(() -> BundleSettings.requireNone(config))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("nothing would be checked by it");
    }
}
