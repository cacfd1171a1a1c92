package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.token.KeyFiles;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.SigningKey;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The TLS registry reads its key store anew, and the signing keys follow: a good key, one of another kind, and no key store. */
@QuarkusTest
@WithTestResource(PosternResource.class)
@WithTestResource(KeyStoreReloadTest.Store.class)
class KeyStoreReloadTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEGRADED = "postern_tokens_degraded{part=\"signing-keys\"}";
    private static final String PASSWORD = "a-password";

    /** A key store with a key, which the TLS registry looks at each second. */
    public static final class Store implements QuarkusTestResourceLifecycleManager {
        private Path directory;

        @Override
        public Map<String, String> start() {
            try {
                directory = Files.createTempDirectory("key-store");
                Path file = directory.resolve("signing.p12");
                install(SigningAlgorithm.ES256, file);
                return Map.of(
                        "quarkus.tls.signing.key-store.p12.path",
                        file.toString(),
                        "quarkus.tls.signing.key-store.p12.password",
                        PASSWORD,
                        "quarkus.tls.signing.reload-period",
                        "1s",
                        "postern.token.tls-configuration-name",
                        "signing");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            // The directory is the system's to clear: the registry may be reading.
        }
    }

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @TestHTTPResource
    URI server;

    @Test
    void whatTheRegistryReadsAnewSignsAndWhatCannotSignIsTold() throws Exception {
        // Given
        Management postern = new Management(management);
        // Not injected: that would ask every test's server for the setting.
        Path file = ConfigProvider.getConfig().getValue("quarkus.tls.signing.key-store.p12.path", Path.class);
        Jwt first = token();

        // When: another key
        SigningKey second = install(SigningAlgorithm.ES256, file);

        // Then: it signs, and what was signed before is verified
        Management.await(() -> certificate(token()).equals(certificate(second)));
        JsonNode published = JSON.readTree(get("/jwks.json").body());
        assertThat(published.path("keys")).as("both, by both forms of its id").hasSize(4);
        assertThat(first.isSignedByOneOf(published)).isTrue();
        assertThat(token().isSignedByOneOf(published)).isTrue();
        assertThat(postern.metric(DEGRADED)).isEqualTo("0.0");

        // When: a key of another kind
        install(SigningAlgorithm.RS256, file);
        Management.await(() -> postern.metric(DEGRADED).equals("1.0"));

        // Then: the one before signs on, and it is told
        assertThat(certificate(token())).isEqualTo(certificate(second));
        JsonNode check = postern.ready("signing-key");
        assertThat(check.path("status").asText()).isEqualTo("UP");
        assertThat(check.path("data").path("fault").asText())
                .isEqualTo("quarkus.tls.signing.key-store has 0 keys of the kind EC; expected one, for ES256");

        // When: no key store at all, which the registry does not take
        Files.writeString(file, "nonsense");
        Thread.sleep(2_500);

        // Then
        assertThat(certificate(token())).isEqualTo(certificate(second));

        // When: mended
        SigningKey third = install(SigningAlgorithm.ES256, file);

        // Then
        Management.await(() -> certificate(token()).equals(certificate(third)));
        Management.await(() -> postern.metric(DEGRADED).equals("0.0"));
        assertThat(postern.ready("signing-key").path("data").has("fault")).isFalse();
        assertThat(postern.metric("postern_tokens_faults_total{part=\"signing-keys\"}"))
                .isEqualTo("1.0");
    }

    /** Puts a new key there, in one step. */
    private static SigningKey install(SigningAlgorithm algorithm, Path file) throws Exception {
        SigningKey key = KeyFiles.generate(algorithm, "test", Instant.now());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", key.privateKey(), PASSWORD.toCharArray(), new Certificate[] {key.certificate()});
        Path next = file.resolveSibling("next.p12");
        try (OutputStream out = Files.newOutputStream(next)) {
            store.store(out, PASSWORD.toCharArray());
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return key;
    }

    private RawHttp.Answer get(String target) {
        return RawHttp.get(server, target, List.of(new RawHttp.Line("Host", "localhost")));
    }

    private Jwt token() {
        try {
            return Jwt.decode(JSON.readTree(get("/token").body()).path("token").asText());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String certificate(Jwt token) {
        return token.header().path("x5c").path(0).asText();
    }

    private static String certificate(SigningKey key) {
        try {
            return Base64.getEncoder().encodeToString(key.certificate().getEncoded());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }
}
