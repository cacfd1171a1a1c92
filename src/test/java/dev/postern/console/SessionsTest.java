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

    private static final Sessions.By BY_WORD = new Sessions.Word(WORD);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Sessions sessions = new Sessions();

    private boolean has(String id, Optional<Digest> word, Instant now) {
        return sessions.find(id, word, now).isPresent();
    }

    @Test
    void a_session_ends_with_its_time() {
        // When
        String id = sessions.begin(BY_WORD, HOUR, NOW);

        // Then
        assertThat(has(id, Optional.of(WORD), NOW.plusSeconds(3599))).isTrue();
        assertThat(has(id, Optional.of(WORD), NOW.plusSeconds(3600))).isFalse();
    }

    @Test
    void a_session_ends_with_the_word_it_was_begun_by() {
        // When
        String id = sessions.begin(BY_WORD, HOUR, NOW);

        // Then
        assertThat(has(id, Optional.of(Digest.of("another-word-of-sixteen")), NOW))
                .isFalse();
        assertThat(has(id, Optional.empty(), NOW)).isFalse();
    }

    @Test
    void a_session_by_the_issuer_ends_with_its_own_time_whatever_the_word() {
        // When
        String id = sessions.begin(new Sessions.Issuer(), Duration.ofMinutes(5), NOW);

        // Then
        assertThat(sessions.find(id, Optional.empty(), NOW.plusSeconds(299))).contains(new Sessions.Issuer());
        assertThat(has(id, Optional.of(Digest.of("another-word-of-sixteen")), NOW))
                .isTrue();
        assertThat(has(id, Optional.of(WORD), NOW.plusSeconds(300))).isFalse();
    }

    @Test
    void another_id_is_none() {
        // When
        String id = sessions.begin(BY_WORD, HOUR, NOW);

        // Then
        assertThat(has("", Optional.of(WORD), NOW)).isFalse();
        assertThat(has(id.substring(1) + "A", Optional.of(WORD), NOW)).isFalse();
        assertThat(has(id + "A", Optional.of(WORD), NOW)).isFalse();
    }

    @Test
    void there_are_so_many_at_most() {
        // Given
        String first = sessions.begin(BY_WORD, HOUR, NOW);

        // When
        String last = first;
        for (int i = 0; i < 10 * Sessions.MOST; i++) {
            last = sessions.begin(BY_WORD, HOUR, NOW);
        }

        // Then
        assertThat(sessions.count()).isEqualTo(Sessions.MOST);
        assertThat(has(first, Optional.of(WORD), NOW)).isFalse();
        assertThat(has(last, Optional.of(WORD), NOW)).isTrue();
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
