package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyRing;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's key in files: followed by content, and never lost to a bad one. */
class PemKeySourceTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration KEEP = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private SigningKey first;
    private SigningKey second;
    private Path key;
    private Path certificate;

    @BeforeEach
    void keys() throws Exception {
        first = write("first");
        second = write("second");
        key = directory.resolve("key.pem");
        certificate = directory.resolve("cert.pem");
        install("first");
    }

    private SigningKey write(String name) throws KeyFault {
        SigningKey made = KeyFiles.generate(SigningAlgorithm.ES256, name, NOW);
        KeyFiles.write(made, directory.resolve(name + ".key"), directory.resolve(name + ".crt"));
        return made;
    }

    private void install(String name) throws Exception {
        Files.copy(directory.resolve(name + ".key"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(directory.resolve(name + ".crt"), certificate, StandardCopyOption.REPLACE_EXISTING);
    }

    private PemKeySource source(Path... others) {
        return new PemKeySource(SigningAlgorithm.ES256, key, certificate, List.of(others), KEEP);
    }

    @Test
    void aNewKeySignsAndTheOneBeforeIsVerifiedUntilWhatItSignedHasExpired() throws Exception {
        // Given
        PemKeySource source = source();
        assertThat(source.load(NOW).published()).containsExactly(first.published());
        assertThat(source.refresh(NOW)).isEmpty();

        // When
        install("second");
        KeyRing ring = source.refresh(NOW.plusSeconds(5)).orElseThrow();

        // Then
        assertThat(ring.published()).containsExactly(second.published(), first.published());
        assertThat(source.refresh(NOW.plusSeconds(6))).isEmpty();
        install("first");
        assertThat(source.refresh(NOW.plusSeconds(7)).orElseThrow().published())
                .containsExactly(first.published(), second.published());
        install("second");
        assertThat(source.refresh(NOW.plus(KEEP).plusSeconds(8)).orElseThrow().published())
                .containsExactly(second.published(), first.published());
    }

    @Test
    void aBadKeyIsNotTakenAndIsAFaultForAsLongAsItIsThere() throws Exception {
        // Given
        PemKeySource source = source();
        source.load(NOW);

        // When: the key is there before its certificate
        Files.copy(directory.resolve("second.key"), key, StandardCopyOption.REPLACE_EXISTING);

        // Then
        assertThatThrownBy(() -> source.refresh(NOW))
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("is not of the key");
        assertThatThrownBy(() -> source.refresh(NOW)).hasMessageContaining("is not of the key");
        Files.delete(certificate);
        assertThatThrownBy(() -> source.refresh(NOW))
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("there is no certificate file");
        assertThatThrownBy(() -> source.refresh(NOW)).hasMessageContaining("there is no certificate file");
        install("second");
        assertThat(source.refresh(NOW).orElseThrow().published())
                .containsExactly(second.published(), first.published());
        assertThat(source.refresh(NOW)).isEmpty();
    }

    @Test
    void otherCertificatesArePublishedBesideIt() throws Exception {
        // Given
        PemKeySource source = source(directory.resolve("second.crt"));

        // When
        KeyRing ring = source.load(NOW);

        // Then
        assertThat(ring.signing().thumbprint()).isEqualTo(first.thumbprint());
        assertThat(ring.others()).containsExactly(second.published());
    }
}
