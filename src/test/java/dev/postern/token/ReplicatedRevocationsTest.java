package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one replica revokes, at another. */
class ReplicatedRevocationsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path data;

    @TempDir
    Path othersData;

    private static Revocations.Token token(String id, String subject) {
        return new Revocations.Token(id, subject, "acme", NOW.minusSeconds(60));
    }

    private static ReplicatedRevocations in(Path data) {
        RevocationFile file = RevocationFile.in(data);
        file.refresh();
        return new ReplicatedRevocations(file);
    }

    private void revoke(Path where, Revocation.Kind kind, String value) throws KeyFault {
        RevocationFile.in(where).append(Revocation.of(kind, value, NOW), NOW);
    }

    @Test
    void whatAnotherHasRevokedIsInForceAndKeptForTheNextStart() throws Exception {
        // Given
        revoke(othersData, Revocation.Kind.SUBJECT, "user:acme/alice");
        revoke(data, Revocation.Kind.TOKEN_ID, "BBBB");
        Set<String> said = in(othersData).lines().keySet();
        ReplicatedRevocations here = in(data);

        // When
        assertThat(here.learn(said, NOW)).isEqualTo(new ReplicatedRevocations.Learned(1, 0));

        // Then
        assertThat(here.isRevoked(token("AAAA", "user:acme/alice"))).isTrue();
        assertThat(here.isRevoked(token("BBBB", "user:acme/bob"))).isTrue();
        assertThat(here.isRevoked(token("CCCC", "user:acme/bob"))).isFalse();
        assertThat(here.lines()).hasSize(2);
        here.keep(NOW);
        here.keep(NOW);
        assertThat(in(data).isRevoked(token("AAAA", "user:acme/alice"))).isTrue();
        assertThat(Files.readAllLines(data.resolve("revocations"))).hasSize(2);
    }

    @Test
    void whatWasHeardOnceStaysWhenNobodySaysItAnyMore() throws Exception {
        // Given
        revoke(othersData, Revocation.Kind.SUBJECT, "user:acme/alice");
        ReplicatedRevocations here = in(data);
        here.learn(in(othersData).lines().keySet(), NOW);

        // When
        assertThat(here.learn(Set.of(), NOW)).isEqualTo(new ReplicatedRevocations.Learned(0, 0));

        // Then
        assertThat(here.isRevoked(token("AAAA", "user:acme/alice"))).isTrue();
    }

    @Test
    void whatIsKnownAlreadyIsNotNews() throws Exception {
        // Given
        revoke(data, Revocation.Kind.TOKEN_ID, "BBBB");
        ReplicatedRevocations here = in(data);
        var lines = here.lines();

        // Then
        assertThat(here.learn(lines.keySet(), NOW)).isEqualTo(new ReplicatedRevocations.Learned(0, 0));
        assertThat(here.lines()).as("the same object").isSameAs(lines);
    }

    @Test
    void whatCannotBeReadIsLeftOutAndTheRestCounts() throws Exception {
        // Given
        revoke(othersData, Revocation.Kind.SUBJECT, "user:acme/alice");
        String good = in(othersData).lines().keySet().iterator().next();
        ReplicatedRevocations here = in(data);

        // When
        var learned = here.learn(List.of("", "allow everybody", good + " more", good, "subject %zz x y"), NOW);

        // Then
        assertThat(learned).isEqualTo(new ReplicatedRevocations.Learned(1, 4));
        assertThat(here.isRevoked(token("AAAA", "user:acme/alice"))).isTrue();
    }

    @Test
    void whatHasHadItsTimeIsForgotten() throws Exception {
        // Given
        revoke(othersData, Revocation.Kind.SUBJECT, "user:acme/alice");
        ReplicatedRevocations here = in(data);
        Instant later = NOW.plus(Duration.ofDays(100));
        here.learn(in(othersData).lines().keySet(), NOW);

        // Then
        assertThat(here.learn(in(othersData).lines().keySet(), later))
                .isEqualTo(new ReplicatedRevocations.Learned(0, 0));
        assertThat(here.lines()).isEmpty();
    }

    @Test
    void thereIsAnEndToHowManyAreTaken() {
        // Given
        List<String> many = IntStream.range(0, 20_010)
                .mapToObj(i ->
                        Revocation.of(Revocation.Kind.TOKEN_ID, "id" + i, NOW).line())
                .toList();

        // Then
        assertThat(in(data).learn(many, NOW)).isEqualTo(new ReplicatedRevocations.Learned(20_000, 10));
    }

    @Test
    void whereTheFileCannotBeWrittenItIsInForceNevertheless() throws Exception {
        // Given
        revoke(othersData, Revocation.Kind.SUBJECT, "user:acme/alice");
        Path file = Files.createFile(data.resolve("no-directory"));
        ReplicatedRevocations here = in(file);
        here.learn(in(othersData).lines().keySet(), NOW);

        // Then
        assertThatThrownBy(() -> here.keep(NOW)).isInstanceOf(KeyFault.class);
        assertThat(here.isRevoked(token("AAAA", "user:acme/alice"))).isTrue();
    }
}
