package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.console.ConsoleToken.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Digest WORD = Digest.of("a-word-of-sixteen-characters");

    private final Sessions sessions = new Sessions(Duration.ofHours(1));

    @Test
    void a_session_ends_with_its_time() {
        // When
        String id = sessions.begin(WORD, NOW);

        // Then
        assertThat(sessions.has(id, Optional.of(WORD), NOW.plusSeconds(3599))).isTrue();
        assertThat(sessions.has(id, Optional.of(WORD), NOW.plusSeconds(3600))).isFalse();
    }

    @Test
    void a_session_ends_with_the_word_it_was_begun_by() {
        // When
        String id = sessions.begin(WORD, NOW);

        // Then
        assertThat(sessions.has(id, Optional.of(Digest.of("another-word-of-sixteen")), NOW))
                .isFalse();
        assertThat(sessions.has(id, Optional.empty(), NOW)).isFalse();
    }

    @Test
    void another_id_is_none() {
        // When
        String id = sessions.begin(WORD, NOW);

        // Then
        assertThat(sessions.has("", Optional.of(WORD), NOW)).isFalse();
        assertThat(sessions.has(id.substring(1) + "A", Optional.of(WORD), NOW)).isFalse();
        assertThat(sessions.has(id + "A", Optional.of(WORD), NOW)).isFalse();
    }

    @Test
    void there_are_so_many_at_most() {
        // Given
        String first = sessions.begin(WORD, NOW);

        // When
        String last = first;
        for (int i = 0; i < 10 * Sessions.MOST; i++) {
            last = sessions.begin(WORD, NOW);
        }

        // Then
        assertThat(sessions.count()).isEqualTo(Sessions.MOST);
        assertThat(sessions.has(first, Optional.of(WORD), NOW)).isFalse();
        assertThat(sessions.has(last, Optional.of(WORD), NOW)).isTrue();
    }

    @Test
    void the_word_follows_its_file(@TempDir Path directory) throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), "  the-first-word-there-is\nmore\n");
        ConsoleToken token = new ConsoleToken(file);
        assertThat(token.fault()).isEmpty();
        assertThat(token.current(NOW).orElseThrow().is(Digest.of("the-first-word-there-is")))
                .isTrue();

        // When
        Files.writeString(file, "the-second-word-there-is");

        // Then
        assertThat(token.current(NOW.plusSeconds(2)).orElseThrow().is(Digest.of("the-second-word-there-is")))
                .isTrue();
        Files.delete(file);
        assertThat(token.current(NOW.plusSeconds(4))).isEmpty();
        assertThat(token.fault().orElseThrow()).contains("cannot be read");
    }

    @Test
    void a_word_too_short_or_too_long_is_none(@TempDir Path directory) throws Exception {
        for (String word :
                new String[] {"", "fifteen-letters", "x".repeat(ConsoleToken.MOST + 1), "\nsecond-line-of-letters"}) {
            // Given
            ConsoleToken token = new ConsoleToken(Files.writeString(directory.resolve("token"), word));

            // Then
            assertThat(token.current(NOW)).isEmpty();
            assertThat(token.fault().orElseThrow())
                    .contains("expected 16 to 1024")
                    .doesNotContain("fifteen-letters");
        }
    }
}
