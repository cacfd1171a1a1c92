package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of a real OpenID Connect provider, over TLS, at the packaged server: its discovery, its keys, its rotation. */
class OidcProviderIT {

    private static final String AUDIENCE = "https://registry.example.com";
    private static final String SCOPE = "repository:acme/app/web:push";

    @TempDir
    Path directory;

    private final int port = PosternProcess.freePort();
    private HttpClient client;
    private OidcProvider issuer;
    private PosternProcess postern;

    @BeforeEach
    void start() throws Exception {
        OidcProvider.lacking().ifPresent(Assumptions::abort);
        issuer = new OidcProvider(directory);
        client = HttpClient.newBuilder()
                .sslContext(trusting(issuer.certificate()))
                .build();
        issuer.start();
        Files.writeString(directory.resolve("policy.yaml"), """
                accounts:
                  acme:
                    namespaces: [acme]
                    federated:
                      ci: { issuer: peer, claims: { sub: ci, environment: production } }
                    bindings:
                      - { subjects: [federated:ci], roles: [Writer], repository: "${claim.project}/**" }
                """);
        Files.writeString(directory.resolve("application.yaml"), """
                quarkus:
                  http: { port: %d }
                  management: { port: %d }
                  tls: { issuers: { trust-store: { pem: { certs: "%s" } } } }
                postern:
                  policy: "%s"
                  oidc:
                    peer:
                      issuer: %s
                      audiences: ["%s"]
                      clock-skew: 0s
                      keys-interval: 1s
                      tls-configuration-name: issuers
                      allowed-private-addresses: ["127.0.0.0/8", "::1"]
                """.formatted(
                        port,
                        PosternProcess.freePort(),
                        issuer.certificate(),
                        directory.resolve("policy.yaml"),
                        issuer.url(),
                        AUDIENCE));
        postern = PosternProcess.start(
                directory,
                Map.of(),
                "serve",
                "--profile",
                "local",
                "--config",
                directory.resolve("application.yaml").toString());
        postern.awaitOutput("rootcertbundle:");
    }

    @AfterEach
    void stop() throws Exception {
        if (postern != null) {
            postern.close();
        }
        if (issuer != null) {
            issuer.close();
        }
    }

    @Test
    void a_token_pushes_where_its_claims_say_and_nowhere_else() throws Exception {
        // Given
        String token = token(AUDIENCE);

        // When
        HttpResponse<String> answer = ask("oidc", token, SCOPE);
        HttpResponse<String> elsewhere = ask("iambearer", token, "repository:acme/other/web:push");

        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(claims(answer)).contains("\"sub\":\"oidc:acme/peer/ci\"").contains("acme/app/web");
        assertThat(elsewhere.statusCode()).isEqualTo(200);
        assertThat(claims(elsewhere)).doesNotContain("push");
        assertThat(postern.output()).doesNotContain(token.substring(token.lastIndexOf('.') + 1));
    }

    @Test
    void a_token_for_another_or_of_another_time_or_that_was_changed_is_refused() throws Exception {
        // Given
        String expired = token(AUDIENCE + "/short-lived");
        String[] parts = token(AUDIENCE).split("\\.");
        String unsigned = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
                + "." + parts[1] + ".";

        // Then
        assertThat(ask("oidc", token("https://another.example.com"), SCOPE).statusCode())
                .isEqualTo(401);
        assertThat(ask("oidc", unsigned, SCOPE).statusCode()).isEqualTo(401);
        assertThat(ask("oidc", parts[0] + "." + parts[1] + "." + "A".repeat(342), SCOPE)
                        .statusCode())
                .isEqualTo(401);
        Thread.sleep(2_000);
        assertThat(ask("oidc", expired, SCOPE).statusCode()).isEqualTo(401);
    }

    @Test
    void keys_that_the_issuer_begins_to_use_refuse_nobody() throws Exception {
        // Given
        String before = token(AUDIENCE);
        List<Integer> statuses = new ArrayList<>();

        // When
        for (int i = 0; i < 3; i++) {
            rotate();
            statuses.add(ask("oidc", token(AUDIENCE), SCOPE).statusCode());
            statuses.add(ask("oidc", before, SCOPE).statusCode());
        }

        // Then
        assertThat(statuses).hasSize(6).containsOnly(200);
    }

    @Test
    void while_the_issuer_is_down_its_known_keys_are_good_and_new_ones_are_told_to_wait() throws Exception {
        // Given
        assertThat(ask("oidc", token(AUDIENCE), SCOPE).statusCode()).isEqualTo(200);
        String ofAKnownKey = token(AUDIENCE);
        rotate();
        String ofANewKey = token(AUDIENCE);
        issuer.close();

        // When
        HttpResponse<String> known = ask("oidc", ofAKnownKey, SCOPE);
        HttpResponse<String> unknown = ask("oidc", ofANewKey, SCOPE);

        // Then
        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(unknown.headers().firstValue("Retry-After")).isPresent();
    }

    private void rotate() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(issuer("/rotate"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private String token(String resource) throws Exception {
        String form = "grant_type=client_credentials&resource=" + URLEncoder.encode(resource, StandardCharsets.UTF_8);
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(issuer("/token"))
                        .header("Authorization", basic("ci", "client-secret-of-ci"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body()).path("access_token").asText();
    }

    private HttpResponse<String> ask(String user, String password, String scope) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://localhost:" + port + "/token?service=registry.localhost&scope=" + scope))
                        .header("Authorization", basic(user, password))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String claims(HttpResponse<String> answer) throws IOException {
        String token = new ObjectMapper().readTree(answer.body()).path("token").asText();
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private URI issuer(String path) {
        return URI.create(issuer.url() + path);
    }

    private static SSLContext trusting(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            store.setCertificateEntry(
                    "issuer", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
