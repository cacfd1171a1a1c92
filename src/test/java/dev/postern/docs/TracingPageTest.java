package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.setup.PosternConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the page on tracing says of settings is so. What it says of Envoy is run by {@code RegistryProxiesIT}. */
class TracingPageTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(postern\\.tracing\\.[a-z-]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

    @Test
    void the_settings_are_all_there_with_their_defaults() throws IOException {
        // Given
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .filter(name -> name.startsWith("postern.tracing."))
                .collect(Collectors.toSet());
        PosternConfig.Tracing defaults = tracing("postern: { region: us-south }");
        // When
        Map<String, String> told = ROW.matcher(page())
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> row.group(2).strip()));
        // Then
        assertThat(told.keySet()).isEqualTo(known);
        assertThat(told)
                .containsEntry("postern.tracing.ratio", "`" + defaults.ratio() + "`")
                .containsEntry(
                        "postern.tracing.timeout", "`" + defaults.timeout().toSeconds() + "s`")
                .containsEntry("postern.tracing.url", "none");
        assertThat(defaults.url()).isEmpty();
    }

    @Test
    void the_settings_example_has_known_settings_only() throws IOException {
        // Given
        List<String> blocks = Pattern.compile("```yaml settings\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        // When
        PosternConfig.Tracing tracing = tracing(blocks.getFirst());
        // Then
        assertThat(tracing.url()).isPresent();
        assertThat(tracing.ratio()).isEqualTo(1.0);
    }

    private static PosternConfig.Tracing tracing(String yaml) throws IOException {
        return new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("tracing.md", yaml))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class)
                .tracing();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/tracing.md"));
    }
}
