package dev.postern.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.oidc.server.OidcWiremockTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Quarkus's OIDC server for tests as the issuer {@code quarkus}, behind TLS; and an IAM whose tokens are of the issuer {@code
 * iam}; and the issuers {@code github} and {@code cluster}, whose keys are in files. What the IAM does with an API key, the key says: see {@link #iam}. The file of the setting {@code test.issuers.calls}
 * has a character for each time that it was asked.
 */
public final class IssuersResource implements QuarkusTestResourceLifecycleManager {

    /** The audience of the IAM's tokens. */
    public static final String AUDIENCE = "registry.example.com";

    private static final String IAM = "https://iam.example.com/identity";

    private final OidcWiremockTestResource mock = new OidcWiremockTestResource();
    private final TestIssuer iam = TestIssuer.of("iam");
    private final HttpClient client = HttpClient.newHttpClient();
    private Path calls;
    private HttpsServer server;
    private Path certificate;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(mock.start());
        String plain = settings.get("keycloak.url").replaceFirst("/auth$", "");
        try {
            TestAuthority authority = new TestAuthority("CN=Test Authority");
            calls = Files.createTempFile("calls", ".txt");
            certificate = Files.writeString(Files.createTempFile("authority", ".pem"), authority.pem());
            server = HttpsServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 50);
            server.setHttpsConfigurator(new HttpsConfigurator(authority.serverFor("localhost")));
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/auth", exchange -> answer(exchange, 200, ask(plain + exchange.getRequestURI())));
            server.createContext("/identity/keys", exchange -> answer(exchange, 200, TestIssuer.jwks(iam)));
            server.createContext("/identity/token", this::iam);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String url = "https://localhost:" + server.getAddress().getPort();
        settings.put("quarkus.tls.issuers.trust-store.pem.certs", certificate.toString());
        for (String name : new String[] {"quarkus", "iam"}) {
            String key = "postern.oidc." + name;
            settings.put(key + ".tls-configuration-name", "issuers");
            settings.put(key + ".allowed-private-addresses", "127.0.0.0/8");
        }
        settings.put("postern.oidc.quarkus.issuer", "https://server.example.com");
        settings.put("postern.oidc.quarkus.audiences", "https://server.example.com");
        settings.put("postern.oidc.quarkus.subject-claim", "preferred_username");
        settings.put("postern.oidc.quarkus.groups-claim", "groups");
        settings.put("postern.oidc.quarkus.jwks", url + "/auth/realms/quarkus/protocol/openid-connect/certs");
        settings.put("postern.oidc.iam.issuer", IAM);
        settings.put("postern.oidc.iam.audiences", AUDIENCE);
        settings.put("postern.oidc.iam.jwks", url + "/identity/keys");
        for (String name : List.of("github", "cluster")) {
            settings.put("postern.oidc." + name + ".issuer", "https://" + name + ".example.com");
            settings.put("postern.oidc." + name + ".audiences", AUDIENCE);
            settings.put(
                    "postern.oidc." + name + ".jwks-file",
                    TestIssuer.jwksFile(TestIssuer.of(name)).toString());
        }
        settings.put("postern.iam.token-endpoint", url + "/identity/token");
        settings.put("postern.iam.issuer", "iam");
        settings.put("postern.iam.tls-configuration-name", "issuers");
        settings.put("postern.iam.timeout", "1s");
        settings.put("postern.iam.retries", "1");
        settings.put("test.issuers.calls", calls.toString());
        return settings;
    }

    private String ask(String url) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code good-…}: a token; {@code audience}: one for another; {@code foreign}: another issuer's; and so on. */
    private void iam(HttpExchange exchange) throws IOException {
        Files.writeString(calls, ".", StandardOpenOption.APPEND);
        Map<String, String> form = new HashMap<>();
        for (String pair : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        boolean asked = exchange.getRequestMethod().equals("POST")
                && "urn:ibm:params:oauth:grant-type:apikey".equals(form.get("grant_type"));
        String key = form.getOrDefault("apikey", "");
        switch (asked ? key.replaceFirst("-.*", "") : "unknown") {
            case "good" -> answer(exchange, 200, token(iam, Map.of()));
            case "meant" -> answer(exchange, 200, token(iam, Map.of("aud", AUDIENCE)));
            case "audience" -> answer(exchange, 200, token(iam, Map.of("aud", "another.example.com")));
            case "expired" -> answer(exchange, 200, token(iam, Map.of("iat", 1, "exp", 2)));
            case "stranger" -> answer(exchange, 200, token(iam, Map.of("account", Map.of("bss", "another"))));
            case "swapped" ->
                answer(
                        exchange,
                        200,
                        token(new TestIssuer(iam.keyId(), TestIssuer.of("other").keys()), Map.of()));
            case "foreign" -> answer(exchange, 200, token(iam, Map.of("iss", "https://server.example.com")));
            case "html" -> answer(exchange, 200, "<html>sign in</html>");
            case "huge" -> answer(exchange, 200, "{\"access_token\": \"" + "x".repeat(200_000) + "\"}");
            case "down" -> answer(exchange, 503, "{}");
            case "elsewhere" -> {
                exchange.getResponseHeaders().add("Location", "https://localhost/elsewhere");
                answer(exchange, 307, "");
            }
            case "slow" -> {
                try {
                    Thread.sleep(5_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                answer(exchange, 200, token(iam, Map.of()));
            }
            default -> answer(exchange, 400, "{\"errorCode\": \"BXNIM0415E\"}");
        }
    }

    private static String token(TestIssuer issuer, Map<String, Object> change) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", IAM);
        claims.put("sub", "iam-ServiceId-1");
        claims.put("account", Map.of("bss", "0123"));
        claims.put("iat", now);
        claims.put("exp", now + 3600);
        claims.putAll(change);
        return "{\"access_token\": \"" + issuer.token(claims) + "\", \"token_type\": \"Bearer\", \"expires_in\": 3600}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void stop() {
        server.stop(0);
        mock.stop();
    }
}
