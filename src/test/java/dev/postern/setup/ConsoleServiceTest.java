package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.console.ConsoleSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of the console may be. */
class ConsoleServiceTest {

    @TempDir
    Path directory;

    private static ConsoleSettings read(Map<String, String> settings) {
        return ConsoleService.settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class));
    }

    @Test
    void unsetThereIsNone() {
        // When
        ConsoleSettings settings = read(Map.of());

        // Then
        assertThat(settings.token()).isEmpty();
        assertThat(settings.sessions()).isEqualTo(Duration.ofHours(8));
    }

    @Test
    void aTokenAloneTurnsNothingOn() {
        assertThat(read(Map.of("postern.console.token-file", "/nowhere")).token())
                .isEmpty();
    }

    @Test
    void withATokenItIsOn() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), "sixteen-letters!");

        // Then
        assertThat(read(Map.of("postern.console.enabled", "true", "postern.console.token-file", file.toString()))
                        .token())
                .isPresent();
    }

    @Test
    void withoutOneItStopsTheStartAndSaysWhatToSet() {
        assertThatThrownBy(() -> read(Map.of("postern.console.enabled", "true")))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("set postern.console.token-file to a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-short-secret", "\n\n"})
    void aTokenThatCouldBeGuessedStopsItToo(String token) throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), token);

        // Then
        assertThatThrownBy(() ->
                        read(Map.of("postern.console.enabled", "true", "postern.console.token-file", file.toString())))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("postern.console.token-file: " + file)
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("a-short-secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "25h"})
    void aSessionIsNeitherTooShortNorTooLong(String session) {
        assertThatThrownBy(() -> read(Map.of("postern.console.session", session)))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("postern.console.session");
    }
}
