package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From report mode to an allow list that is enforced: what was seen gets in, and its neighbours do not. */
class PolicySuggestIT {

    private static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network:
                  enforcement: report
                  allow:
                    - { address: 198.51.100.1 }
                service-ids:
                  bot:
                    api-keys:
                      - { id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }
                bindings:
                  - { subjects: [service-id:bot], roles: [Reader], namespace: acme }
            """;

    private static final String SETTINGS = """
            postern:
              policy: policy.yaml
              source: { trusted-proxies: ["127.0.0.0/8", "::1"] }
              private-endpoints:
                us-south: { translated-addresses: [166.9.12.227] }
                eu-de: { translated-addresses: [166.9.30.1] }
            """;

    @TempDir
    Path directory;

    private final Map<String, String> ports = PosternProcess.freePorts();

    @Test
    void what_was_seen_in_report_mode_is_admitted_once_the_suggestion_is_enforced() throws Exception {
        // Given: a server in report mode, and who comes by
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        Files.writeString(directory.resolve("settings.yaml"), SETTINGS);
        try (PosternProcess postern =
                PosternProcess.start(directory, ports, "serve", "--config", "settings.yaml", "--profile", "local")) {
            postern.awaitOutput("isten");
            for (String from : new String[] {
                "203.0.113.6", "203.0.113.7", "203.0.113.7", "2001:db8:1::9", "166.9.12.227", "198.51.100.1"
            }) {
                assertThat(token(from, "acme-bot-key")).as(from).isEqualTo(200);
            }
            // A stranger without the key, and one of whom it is not known where they are
            assertThat(token("192.0.2.66", "guessed")).isEqualTo(401);
            assertThat(token("unknown", "acme-bot-key")).isEqualTo(403);
            postern.awaitOutput("malformed-forwarding-header");
            Files.writeString(directory.resolve("postern.log"), postern.output());
        }

        // When
        String suggestion;
        try (PosternProcess suggest = PosternProcess.start(directory, Map.of(), "policy", "suggest", "postern.log")) {
            assertThat(suggest.awaitExit()).as(suggest.output()).isZero();
            suggestion = suggest.output();
        }

        // Then
        assertThat(suggestion)
                .contains("8 audit events", "5 of them count", "1 from unknown sources")
                .contains("\n        - { address: 203.0.113.6/31, note: \"3 requests from 2 addresses, ")
                .contains("\n        - { address: \"2001:db8:1::9\", note: \"1 request from 1 address, ")
                .contains("\n        - { private-endpoint: us-south, note: \"1 request from 1 translated address, ")
                .doesNotContain("192.0.2.66", "198.51.100.1", "bad lines");

        // And: the rules pasted below those that stand, and enforced
        String rules = suggestion.substring(suggestion.indexOf("        - {"));
        Files.writeString(
                directory.resolve("policy.yaml"),
                POLICY.replace("enforcement: report", "enforcement: enforce")
                        .replace(
                                "        - { address: 198.51.100.1 }\n",
                                "        - { address: 198.51.100.1 }\n" + rules));
        for (String from :
                new String[] {"203.0.113.6", "203.0.113.7", "2001:db8:1::9", "166.9.12.227", "198.51.100.1"}) {
            explain(from, 0, "granted: granted");
        }
        for (String from :
                new String[] {"203.0.113.5", "203.0.113.8", "2001:db8:1::8", "166.9.30.1", "198.51.100.2", "192.0.2.66"
                }) {
            explain(from, 1, "refused: address-not-listed");
        }
    }

    private void explain(String from, int exitCode, String answer) throws Exception {
        try (PosternProcess explain = PosternProcess.start(
                directory,
                Map.of(),
                "policy",
                "explain",
                "--config",
                "settings.yaml",
                "--ip",
                from,
                "--identity",
                "service-id:acme/bot",
                "--scope",
                "repository:acme/app:pull")) {
            assertThat(explain.awaitExit()).as(from + ": " + explain.output()).isEqualTo(exitCode);
            assertThat(explain.output()).as(from).contains(answer);
        }
    }

    private int token(String from, String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + ports.get("QUARKUS_HTTP_PORT")
                        + "/token?service=registry.localhost&scope=repository:acme/app:pull"))
                .header("X-Forwarded-For", from)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(("iamapikey:" + key).getBytes()))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
