package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zones that follow a publisher over TLS, and what is left of them when it has gone. */
class FeedsIT {

    @TempDir
    Path directory;

    private final Map<String, String> ports = PosternProcess.freePorts();

    @Test
    void zonesFollowTheirPublisherAndKeepTheLastGoodCopyOverARestart() throws Exception {
        // Given
        TestAuthority authority = new TestAuthority("CN=Publishers");
        Path settings;
        try (Publisher publisher = new Publisher(authority.serverFor("localhost"))) {
            publisher.answers((request, out) -> Publisher.says(
                            request.target().equals("/near.txt") ? "127.0.0.0/8\n::1\n" : "192.0.2.0/24\n")
                    .write(request, out));
            settings = settings(authority, publisher.port());

            // When, Then
            try (PosternProcess postern = serve(settings)) {
                postern.awaitOutput("rootcertbundle:");
                assertThat(token("near/public-app")).isEqualTo(200);
                assertThat(token("far/public-app")).isEqualTo(403);
            }
        }

        // When: it has gone, and the server comes back
        try (PosternProcess postern = serve(settings)) {
            postern.awaitOutput("rootcertbundle:");

            // Then
            assertThat(token("near/public-app")).isEqualTo(200);
            assertThat(token("far/public-app")).isEqualTo(403);
        }
        try (PosternProcess list =
                PosternProcess.start(directory, Map.of(), "feed", "list", "--config", settings.toString())) {
            assertThat(list.awaitExit()).isZero();
            assertThat(list.output()).contains("zone near: ", "zone far: ");
        }
    }

    private PosternProcess serve(Path settings) throws Exception {
        return PosternProcess.start(directory, ports, "serve", "--config", settings.toString(), "--profile", "local");
    }

    private Path settings(TestAuthority authority, int port) throws Exception {
        Path trusted = Files.writeString(directory.resolve("publishers.pem"), authority.pem());
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                zones:
                  near: { feed: { format: lines, url: "https://localhost:%1$d/near.txt" } }
                  far: { feed: { format: lines, url: "https://localhost:%1$d/far.txt" } }
                accounts:
                  near:
                    namespaces: [near]
                    network: { allow: [{ zone: near }] }
                    bindings: [{ subjects: [anonymous], roles: [Reader], repository: "public-*" }]
                  far:
                    namespaces: [far]
                    network: { allow: [{ zone: far }] }
                    bindings: [{ subjects: [anonymous], roles: [Reader], repository: "public-*" }]
                """.formatted(port));
        return Files.writeString(
                directory.resolve("application.yaml"), """
                postern:
                  policy: %s
                  data: %s
                  feeds: { tls-configuration-name: publishers, allowed-private-addresses: [127.0.0.0/8, "::1"] }
                quarkus:
                  tls: { publishers: { trust-store: { pem: { certs: [%s] } } } }
                """.formatted(policy, directory.resolve("data"), trusted));
    }

    private int token(String repository) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + ports.get("QUARKUS_HTTP_PORT")
                        + "/token?service=registry.localhost&scope=repository:" + repository + ":pull"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
