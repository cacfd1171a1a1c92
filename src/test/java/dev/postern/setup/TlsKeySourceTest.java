package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyRing;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's key in a PKCS#12 file, as the TLS registry hands it over. */
class TlsKeySourceTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String PASSWORD = "a-password";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private Optional<KeyCertOptions> keyStore = Optional.empty();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private TlsKeySource source(SigningAlgorithm algorithm) {
        return new TlsKeySource(algorithm, "signing", () -> keyStore, vertx, Duration.ofMinutes(10));
    }

    private SigningKey install(SigningAlgorithm algorithm, String name) throws Exception {
        SigningKey key = KeyFiles.generate(algorithm, name, NOW);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(name, key.privateKey(), PASSWORD.toCharArray(), new Certificate[] {key.certificate()});
        Path file = directory.resolve(name + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        keyStore = Optional.of(new PfxOptions().setPath(file.toString()).setPassword(PASSWORD));
        return key;
    }

    @Test
    void theKeyOfAPkcs12FileSignsAndItsSuccessorToo() throws Exception {
        // Given
        SigningKey first = install(SigningAlgorithm.ES256, "first");
        TlsKeySource source = source(SigningAlgorithm.ES256);
        assertThat(source.load(NOW).published()).containsExactly(first.published());
        assertThat(source.refresh(NOW)).isEmpty();

        // When
        SigningKey second = install(SigningAlgorithm.ES256, "second");
        KeyRing ring = source.refresh(NOW).orElseThrow();

        // Then
        assertThat(ring.signing().published()).isEqualTo(second.published());
        assertThat(ring.others()).containsExactly(first.published());
        assertThat(source.refresh(NOW)).isEmpty();
    }

    @Test
    void aKeyOfAnotherKindIsNotTakenAndTheOneBeforeStays() throws Exception {
        // Given
        install(SigningAlgorithm.ES256, "first");
        TlsKeySource source = source(SigningAlgorithm.ES256);
        source.load(NOW);

        // When
        install(SigningAlgorithm.RS256, "second");

        // Then: for as long as it is there
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> source.refresh(NOW))
                    .isInstanceOf(KeyFault.class)
                    .hasMessageContaining(
                            "quarkus.tls.signing.key-store has 0 keys of the kind EC; expected one, for ES256");
        }
        SigningKey third = install(SigningAlgorithm.ES256, "third");
        assertThat(source.refresh(NOW).orElseThrow().signing().published()).isEqualTo(third.published());
        assertThat(source.refresh(NOW)).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsAFaultWithoutThePassword() {
        // Given
        keyStore = Optional.of(new PfxOptions()
                .setPath(directory.resolve("gone.p12").toString())
                .setPassword(PASSWORD));

        // Then
        assertThatThrownBy(() -> source(SigningAlgorithm.ES256).load(NOW))
                .isInstanceOf(KeyFault.class)
                .hasMessageStartingWith("quarkus.tls.signing.key-store cannot be read")
                .hasMessageNotContaining(PASSWORD);
    }

    @Test
    void aConfigurationWithoutAKeyStoreIsAFault() {
        assertThatThrownBy(() -> source(SigningAlgorithm.ES256).load(NOW))
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("quarkus.tls.signing.key-store is not set");
    }
}
