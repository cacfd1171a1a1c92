package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Packaged;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern serve}, from nothing configured to a token, over restarts and policy changes. */
class ServeIT {

    private static final Pattern CURL = Pattern.compile("  curl -u '(.*)' \\\\\n    '(.*)'");

    @TempDir
    Path directory;

    private final Map<String, String> ports = PosternProcess.freePorts();

    @Test
    void the_printed_curl_gets_a_token_with_nothing_configured() throws Exception {
        // Given
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            String output = postern.awaitOutput("rootcertbundle:");
            Matcher curl = CURL.matcher(output);
            assertThat(curl.find()).as(output).isTrue();

            // When: the very command that was printed, by a shell
            Process shell = new ProcessBuilder("sh", "-c", curl.group().replaceFirst("curl", "curl -sS"))
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(shell.getInputStream().readAllBytes());
            assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();

            // Then
            JsonNode json = new ObjectMapper().readTree(answer);
            assertThat(json.path("token").asText())
                    .isNotEmpty()
                    .isEqualTo(json.path("access_token").asText());
            assertThat(payload(json).path("access").path(0).path("name").asText())
                    .isEqualTo("example/hello");
            assertThat(payload(json).path("access").path(0).path("actions")).hasSize(2);
            assertThat(output)
                    .contains(Packaged.hasCache() ? ", with the AOT cache " : ", without an AOT cache")
                    .contains("  auth:\n    token:\n      realm: http://localhost:" + ports.get("QUARKUS_HTTP_PORT")
                            + "/token\n"
                            + "      service: registry.localhost\n"
                            + "      issuer: postern\n"
                            + "      rootcertbundle: ");
        }
    }

    @Test
    void the_generated_key_is_for_its_owner_only_and_kept_over_restarts() throws Exception {
        // Given
        String thumbprint;
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            postern.awaitOutput("rootcertbundle:");
            thumbprint = get("/jwks.json", null).body();
        }
        try (Stream<Path> files = Files.list(directory.resolve("data/signing"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".key")))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                            .isEqualTo("rw-------"));
        }

        // When
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            String output = postern.awaitOutput("rootcertbundle:");

            // Then
            assertThat(get("/jwks.json", null).body()).isEqualTo(thumbprint);
            assertThat(output).doesNotContain("printed this once").contains("iamapikey:API_KEY");
        }
    }

    @Test
    void a_policy_change_is_in_force_within_three_seconds_and_a_bad_one_changes_nothing() throws Exception {
        // Given
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            String output = postern.awaitOutput("rootcertbundle:");
            Matcher curl = CURL.matcher(output);
            assertThat(curl.find()).isTrue();
            String credentials = curl.group(1);
            Path policy = directory.resolve("data/policy.yaml");
            String open = Files.readString(policy);
            assertThat(get("/token", credentials).statusCode()).isEqualTo(200);

            // When
            Files.writeString(policy, open.replace("127.0.0.0/8, \"::1\"", "192.0.2.1"));

            // Then
            awaitStatus(credentials, 403);

            // When: a mistyped key, then the good one again
            Files.writeString(policy, open.replace("allow:", "alow:"));
            postern.awaitOutput("unknown key 'alow'");

            // Then
            assertThat(get("/token", credentials).statusCode()).isEqualTo(403);
            assertThat(management("/q/health/ready"))
                    .contains("\"stale\": true")
                    .contains("did you mean 'allow'?");
            assertThat(management("/q/metrics")).contains("postern_policy_stale 1.0");

            Files.writeString(policy, open);
            awaitStatus(credentials, 200);
            assertThat(management("/q/health/ready")).contains("\"stale\": false");
        }
    }

    @Test
    void each_decision_is_one_audit_event_and_counted() throws Exception {
        // Given
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            postern.awaitOutput("rootcertbundle:");

            // When
            HttpResponse<String> answer = get("/token?scope=repository:example/app:pull", "iamapikey:wrong-secret");

            // Then
            String id = answer.headers().firstValue("X-Postern-Decision").orElseThrow();
            String output = postern.awaitOutput(id);
            String line =
                    output.lines().filter(text -> text.contains(id)).findFirst().orElseThrow();
            JsonNode event = new ObjectMapper().readTree(line);
            assertThat(event.path("reason").asText()).isEqualTo("bad-credentials");
            assertThat(event.path("source").path("evidence")).hasSize(1);
            assertThat(output).doesNotContain("wrong-secret");
            assertThat(management("/q/metrics"))
                    .contains(
                            "postern_decisions_total{caller=\"unknown\",door=\"registry\",outcome=\"refused\",reason=\"bad-credentials\"}"
                                    + " 1.0");
        }
    }

    /** Both jars' libraries at one path, a wrong classifier or a missing permission would leave the JDK signing. */
    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    @DisabledIf("dev.postern.testing.Packaged#isNative")
    void the_fast_provider_signs_on_linux() throws Exception {
        // When
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            // Then
            postern.awaitOutput("tokens are signed by AmazonCorrettoCryptoProvider");
            postern.awaitOutput("rootcertbundle:");
            assertThat(get("/token", null).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void the_service_port_has_no_health_and_the_management_port_no_tokens() throws Exception {
        // Given
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            postern.awaitOutput("rootcertbundle:");

            // Then
            assertThat(get("/q/health", null).statusCode()).isEqualTo(404);
            assertThat(get("/q/metrics", null).statusCode()).isEqualTo(404);
            assertThat(fetch("QUARKUS_MANAGEMENT_PORT", "/token", null).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void both_kinds_of_key_sign_with_every_form_of_key_id() throws Exception {
        for (String algorithm : new String[] {"ES256", "RS256"}) {
            for (String form : new String[] {"x5c", "libtrust", "thumbprint"}) {
                // Given
                Map<String, String> environment = new HashMap<>(ports);
                environment.put("POSTERN_TOKEN_ALGORITHM", algorithm);
                environment.put("POSTERN_TOKEN_KEY_ID", form);
                try (PosternProcess postern = PosternProcess.start(directory, environment, "serve")) {
                    postern.awaitOutput("rootcertbundle:");

                    // When
                    JsonNode token =
                            new ObjectMapper().readTree(get("/token", null).body());

                    // Then
                    JsonNode header = part(token, 0);
                    assertThat(header.path("alg").asText()).isEqualTo(algorithm);
                    assertThat(header.path("typ").asText()).isEqualTo("JWT");
                    assertThat(header.has("x5c")).isEqualTo(form.equals("x5c"));
                    if (!form.equals("x5c")) {
                        assertThat(get("/jwks.json", null).body())
                                .contains(header.path("kid").asText());
                    }
                }
            }
        }
    }

    private void awaitStatus(String credentials, int status) throws Exception {
        Instant written = Instant.now();
        while (get("/token", credentials).statusCode() != status) {
            assertThat(Duration.between(written, Instant.now())).isLessThan(Duration.ofSeconds(3));
            Thread.sleep(50);
        }
    }

    private String management(String path) throws IOException, InterruptedException {
        return fetch("QUARKUS_MANAGEMENT_PORT", path, null).body();
    }

    private HttpResponse<String> get(String path, String credentials) throws IOException, InterruptedException {
        return fetch("QUARKUS_HTTP_PORT", path, credentials);
    }

    private HttpResponse<String> fetch(String port, String path, String credentials)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + ports.get(port) + path))
                .timeout(Duration.ofSeconds(10));
        if (credentials != null) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode payload(JsonNode answer) throws IOException {
        return part(answer, 1);
    }

    private static JsonNode part(JsonNode answer, int index) throws IOException {
        return new ObjectMapper()
                .readTree(Base64.getUrlDecoder()
                        .decode(answer.path("token").asText().split("\\.")[index]));
    }
}
