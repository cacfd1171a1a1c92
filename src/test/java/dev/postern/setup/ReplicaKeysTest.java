package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.token.AnnouncedKeys;
import dev.postern.token.KeyFolder;
import dev.postern.token.KeyRing;
import dev.postern.token.KeySchedule;
import dev.postern.token.PublishedKey;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.TokenKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of other replicas: how long they are known, and how many. */
class ReplicaKeysTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration KEEP = Duration.ofDays(31);

    @TempDir
    Path directory;

    private int replicas;
    private KeyRing own;
    private TokenKeys keys;
    private ReplicaKeys here;

    @BeforeEach
    void replica() throws Exception {
        own = another();
        keys = new TokenKeys(own);
        here = new ReplicaKeys(keys, KEEP);
    }

    /** The keys of one more replica below the same authority. */
    private KeyRing another() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("replica-" + replicas++));
        if (replicas > 1) {
            for (String file : List.of("authority.key", "authority.crt")) {
                Files.copy(directory.resolve("replica-0").resolve(file), folder.resolve(file));
            }
        }
        return new KeyFolder(
                        folder,
                        folder.resolve("bundle.pem"),
                        SigningAlgorithm.ES256,
                        "postern.example.com",
                        KeySchedule.never(KEEP))
                .load(NOW);
    }

    private static Set<String> lines(KeyRing ring) {
        return AnnouncedKeys.lines(ring, NOW.plus(KEEP)).keySet();
    }

    private List<PublishedKey> published() {
        return keys.ring().published();
    }

    @Test
    void whatAnotherSaysIsPublishedBesideItsOwn() throws Exception {
        // Given
        KeyRing other = another();

        // When
        assertThat(here.hear(lines(other), NOW)).hasValue(1);

        // Then
        assertThat(published())
                .containsExactly(own.signing().published(), other.signing().published());
        assertThat(here.hear(lines(other), NOW)).as("it is no news").isEmpty();
        assertThat(here.announcement(NOW)).containsOnlyKeys(lines(own));
    }

    @Test
    void whatIsNotRepeatedIsKnownUntilNothingItSignedIsGood() throws Exception {
        // Given
        KeyRing other = another();
        here.hear(lines(other), NOW);

        // When, Then
        assertThat(here.hear(Set.of(), NOW.plus(KEEP))).isEmpty();
        assertThat(published()).hasSize(2);
        assertThat(here.hear(Set.of(), NOW.plus(KEEP).plusSeconds(1))).hasValue(0);
        assertThat(published()).containsExactly(own.signing().published());
    }

    @Test
    void anotherKeyOfItsOwnTakesNothingFromWhatWasHeard() throws Exception {
        // Given
        KeyRing other = another();
        KeyRing next = another();
        here.hear(lines(other), NOW);
        var before = here.announcement(NOW);
        assertThat(here.announcement(NOW.plusSeconds(60))).isSameAs(before);

        // When
        here.use(next);

        // Then
        assertThat(published())
                .containsExactly(next.signing().published(), other.signing().published());
        assertThat(here.announcement(NOW.plusSeconds(60))).containsOnlyKeys(lines(next));
    }

    @Test
    void whatIsSaidIsGoodForLongerEachTimeItIsMadeUpAgain() {
        // Given
        assertThat(here.announcement(NOW).values()).containsOnly(NOW.plus(KEEP));

        // Then
        Instant later = NOW.plus(Duration.ofHours(1));
        assertThat(here.announcement(later).values()).containsOnly(later.plus(KEEP));
    }

    @Test
    void ofTooManyThoseThatWereHeardLastAreKnown() throws Exception {
        // Given
        KeyRing first = another();
        here.hear(lines(first), NOW.minusSeconds(10));
        Set<String> many = new HashSet<>();
        for (int i = 0; i < AnnouncedKeys.MOST; i++) {
            many.addAll(lines(another()));
        }

        // When
        here.hear(many, NOW);

        // Then
        assertThat(published()).hasSize(1 + AnnouncedKeys.MOST);
        assertThat(published()).doesNotContain(first.signing().published());
    }
}
