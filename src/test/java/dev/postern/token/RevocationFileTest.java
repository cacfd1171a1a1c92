package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of revocations: what it refuses, how it is followed, and that nothing that was revoked ever comes back. */
class RevocationFileTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path data;

    private RevocationFile file() {
        return RevocationFile.in(data);
    }

    @Test
    void whereThereIsNoFileNothingIsRevoked() {
        // Given
        RevocationFile file = file();

        // Then
        assertThat(file.refresh()).isEqualTo(new RevocationFile.Unchanged());
        assertThat(file.isRevoked(token("id", "user:acme/alice", NOW))).isFalse();
    }

    @Test
    void aTokenIsRevokedByItsIdItsSubjectOrItsAccount() throws Exception {
        // Given
        RevocationFile file = file();
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "AAAA", NOW), NOW);
        file.append(Revocation.of(Revocation.Kind.SUBJECT, "user:acme/alice", NOW), NOW);
        file.append(Revocation.of(Revocation.Kind.ACCOUNT, "labs", NOW), NOW);

        // When
        RevocationFile.Outcome outcome = file.refresh();

        // Then
        assertThat(outcome).isEqualTo(new RevocationFile.Taken(3));
        assertThat(file.isRevoked(token("AAAA", "user:acme/bob", NOW.plusSeconds(9))))
                .isTrue();
        assertThat(file.isRevoked(token("BBBB", "user:acme/alice", NOW.minusSeconds(1))))
                .isTrue();
        assertThat(file.isRevoked(new Revocations.Token("B", "user:labs/eve", "labs", NOW.minusSeconds(1))))
                .isTrue();
        // What was issued afterwards, or is another's, is not.
        assertThat(file.isRevoked(token("BBBB", "user:acme/alice", NOW))).isFalse();
        assertThat(file.isRevoked(token("BBBB", "user:acme/bob", NOW.minusSeconds(1))))
                .isFalse();
        assertThat(file.isRevoked(token("AAA", "user:acme/alic", NOW.minusSeconds(1))))
                .isFalse();
    }

    @Test
    void theLaterOfTwoRevocationsCounts() throws Exception {
        // Given
        RevocationFile file = file();
        file.append(Revocation.of(Revocation.Kind.ACCOUNT, "acme", NOW), NOW);
        file.append(Revocation.of(Revocation.Kind.ACCOUNT, "acme", NOW.minusSeconds(100)), NOW);

        // When
        file.refresh();

        // Then
        assertThat(file.isRevoked(token("A", "user:acme/alice", NOW.minusSeconds(1))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\n",
                "token-id AAAA 2026-06-01T12:00:00Z\n",
                "token-id AAAA yesterday tomorrow\n",
                "nobody AAAA 2026-06-01T12:00:00Z 2026-09-01T12:00:00Z\n",
                "token-id  2026-06-01T12:00:00Z 2026-09-01T12:00:00Z\n",
                "token-id %zz 2026-06-01T12:00:00Z 2026-09-01T12:00:00Z\n",
                "\n",
                "\u0000\n",
            })
    void aBadFileKeepsWhatWasGood(String bad) throws Exception {
        // Given
        RevocationFile file = file();
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "AAAA", NOW), NOW);
        file.refresh();

        // When
        Files.writeString(file.path(), bad);
        RevocationFile.Outcome outcome = file.refresh();

        // Then
        assertThat(outcome).isInstanceOf(RevocationFile.Rejected.class);
        assertThat(((RevocationFile.Rejected) outcome).why()).contains("revocations:1");
        assertThat(file.isRevoked(token("AAAA", "user:acme/alice", NOW))).isTrue();
    }

    @Test
    void aFileThatIsGoneKeepsWhatWasGood() throws Exception {
        // Given
        RevocationFile file = file();
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "AAAA", NOW), NOW);
        file.refresh();

        // When
        Files.delete(file.path());

        // Then
        assertThat(file.refresh()).isInstanceOf(RevocationFile.Rejected.class);
        assertThat(file.isRevoked(token("AAAA", "user:acme/alice", NOW))).isTrue();
    }

    @Test
    void aLineWithoutAnEndIsStillBeingWritten() throws Exception {
        // Given
        RevocationFile file = file();
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "AAAA", NOW), NOW);
        Files.writeString(file.path(), "token-id BB", StandardOpenOption.APPEND);

        // When, Then
        assertThat(file.refresh()).isEqualTo(new RevocationFile.Taken(1));
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "CCCC", NOW), NOW);
        assertThat(file.refresh()).isEqualTo(new RevocationFile.Taken(2));
        assertThat(file.isRevoked(token("CCCC", "user:acme/alice", NOW))).isTrue();
    }

    @Test
    void aLineThatHasHadItsTimeIsLeftOutByTheNext() throws Exception {
        // Given
        RevocationFile file = file();
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "OLD", NOW.minus(Duration.ofDays(91))), NOW);
        file.append(Revocation.of(Revocation.Kind.TOKEN_ID, "NEW", NOW), NOW);

        // Then
        assertThat(Files.readString(file.path())).contains(" NEW ").doesNotContain(" OLD ");
    }

    @Test
    void aRevocationLastsAsLongAsAnyTokenCan() {
        assertThat(Revocation.of(Revocation.Kind.ACCOUNT, "acme", NOW).until())
                .isAfter(NOW.plus(RefreshTokens.LONGEST_LIFETIME));
    }

    @Test
    void aFileThatIsFullTakesNoMore() throws Exception {
        // Given
        RevocationFile file = file();
        String line =
                Revocation.of(Revocation.Kind.ACCOUNT, "a".repeat(900), NOW).line() + "\n";
        Files.writeString(file.path(), line.repeat(4 * 1024 * 1024 / line.length()));

        // When, Then
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 3; i++) {
                        file.append(Revocation.of(Revocation.Kind.ACCOUNT, "b".repeat(900), NOW), NOW);
                    }
                })
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("larger than 4096 KiB");
        assertThat(file.refresh()).isInstanceOf(RevocationFile.Taken.class);
    }

    @Test
    void manyWritersLoseNothing() throws Exception {
        // Given
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String id = "ID" + i;
            writers.add(() -> {
                file().append(Revocation.of(Revocation.Kind.TOKEN_ID, id, NOW), NOW);
                return null;
            });
        }

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        }

        // Then
        assertThat(file().refresh()).isEqualTo(new RevocationFile.Taken(40));
    }

    private static Revocations.Token token(String id, String subject, Instant issuedAt) {
        return new Revocations.Token(id, subject, "acme", issuedAt);
    }
}
