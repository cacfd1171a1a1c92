package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.setup.PosternConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings that the page on credentials shows are settings, and the defaults that it tells are theirs. */
class CredentialsPageTest {

    private static final String PAGE = read();

    private static PosternConfig config(String text) throws IOException {
        return new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("credentials.md", text))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
    }

    private static List<String> settings() {
        return Pattern.compile("```yaml settings\n(.*?)```", Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @Test
    void the_settings_are_known() throws IOException {
        // When
        PosternConfig files = config(settings().getFirst());
        PosternConfig throttle = config(settings().getLast());
        // Then
        assertThat(settings()).hasSize(2);
        assertThat(files.htpasswd()).isEqualTo(Map.of("acme", Path.of("/etc/postern/acme.htpasswd")));
        assertThat(files.passwords().maxBcryptCost()).isEqualTo(12);
        assertThat(throttle.throttle().failuresPerSubject()).isEqualTo(30);
    }

    @Test
    void what_is_told_of_defaults_is_so() throws IOException {
        // Given
        PosternConfig defaults = config("postern: {}");
        PosternConfig told = config(settings().getLast());
        // Then
        assertThat(told.throttle().window()).isEqualTo(defaults.throttle().window());
        assertThat(told.throttle().failuresPerSource())
                .isEqualTo(defaults.throttle().failuresPerSource());
        assertThat(told.throttle().failuresPerSubject())
                .isEqualTo(defaults.throttle().failuresPerSubject());
        assertThat(PAGE).contains("`cache-life` (5 minutes)", "`cache-size` (10,000)", "`max-wait` (5 s)");
        assertThat(defaults.passwords().cacheLife()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaults.passwords().cacheSize()).isEqualTo(10_000);
        assertThat(defaults.passwords().maxWait()).isEqualTo(Duration.ofSeconds(5));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/credentials.md"));
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
    }
}
