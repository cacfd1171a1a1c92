package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page on tokens: its settings can be used, and each policy beside the settings above it. */
class OidcPageTest {

    private static final Pattern BLOCK = Pattern.compile("^```yaml\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    static Path directory;

    private record Pair(String settings, String policy) {
        @Override
        public String toString() {
            return settings.lines().skip(2).findFirst().orElse("").strip();
        }
    }

    static Stream<Pair> pairs() throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("docs/oidc.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        return Stream.iterate(0, i -> i < blocks.size(), i -> i + 2)
                .map(i -> new Pair(blocks.get(i), blocks.get(i + 1)));
    }

    @Test
    void each_issuer_of_the_page_has_a_policy() throws IOException {
        assertThat(pairs()).hasSizeGreaterThanOrEqualTo(5).allSatisfy(pair -> {
            assertThat(pair.settings()).startsWith("postern:");
            assertThat(pair.policy()).startsWith("accounts:");
        });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void the_settings_can_be_used_and_the_policy_beside_them(Pair pair) throws IOException {
        // Given: a file that only a pod has
        Path token = Files.writeString(directory.resolve("token"), "token");
        PosternConfig config = config(
                pair.settings().replace("/var/run/secrets/kubernetes.io/serviceaccount/token", token.toString()));

        // When
        List<OidcSettings> issuers = OidcSettings.read(config);
        var outcome = new PolicyCompiler(new KnownEndpoints(
                        Set.of(),
                        Set.of(),
                        issuers.stream().map(OidcSettings::name).collect(Collectors.toSet())))
                .compile(List.of(new Document("oidc.md", pair.policy())));

        // Then
        assertThat(issuers).isNotEmpty();
        assertThat(IamSettings.read(config, issuers).isPresent())
                .isEqualTo(pair.settings().contains("iam:"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Compiled.class,
                        compiled -> assertThat(compiled.policy().warnings()).isEmpty());
    }

    static PosternConfig config(String settings) throws IOException {
        return new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("settings", settings))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
    }
}
