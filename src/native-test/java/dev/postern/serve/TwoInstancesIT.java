package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share one directory of data, from the first start on. */
class TwoInstancesIT {

    private static final Pattern API_KEY = Pattern.compile("printed this once: (postern_\\S+)");

    @TempDir
    Path directory;

    private final Map<String, String> onesPorts = PosternProcess.freePorts();
    private final Map<String, String> othersPorts = PosternProcess.freePorts();

    @Test
    void they_sign_by_one_key_and_what_is_revoked_is_refused_by_both_within_seconds() throws Exception {
        // Given: both at once, with nothing there
        try (PosternProcess one = PosternProcess.start(directory, onesPorts, "serve");
                PosternProcess other = PosternProcess.start(directory, othersPorts, "serve")) {
            String output = one.awaitOutput("rootcertbundle:") + other.awaitOutput("rootcertbundle:");
            assertThat(get(onesPorts, "/jwks.json", "").body())
                    .isEqualTo(get(othersPorts, "/jwks.json", "").body());
            Matcher apiKey = API_KEY.matcher(output);
            assertThat(apiKey.find()).as(output).isTrue();
            String credentials = "iamapikey:" + apiKey.group(1);
            assertThat(apiKey.find()).as("one example policy was made").isFalse();

            // When: a refresh token of one is exchanged at the other
            String token = json(get(onesPorts, "/token?service=registry.localhost&offline_token=true", credentials))
                    .path("refresh_token")
                    .asText();
            assertThat(exchange(othersPorts, token)).isEqualTo(200);
            try (PosternProcess revoke = PosternProcess.start(directory, Map.of(), "revoke", "--account", "example")) {
                assertThat(revoke.awaitExit()).as(revoke.output()).isZero();
            }
            Instant revoked = Instant.now();

            // Then: each is asked until it has refused once, for whoever goes on being wrong is slowed down
            for (Map<String, String> each : List.of(onesPorts, othersPorts)) {
                while (exchange(each, token) != 401) {
                    assertThat(Duration.between(revoked, Instant.now())).isLessThan(Duration.ofSeconds(3));
                    Thread.sleep(20);
                }
            }
            System.out.printf(
                    "Two instances: both refused %d ms after the command had ended.%n",
                    Duration.between(revoked, Instant.now()).toMillis());
            assertThat(get(onesPorts, "/token?service=registry.localhost", credentials)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static int exchange(Map<String, String> ports, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(ports, "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=refresh_token&service=registry.localhost&client_id=test&refresh_token=" + token))
                .build();
        return send(request).statusCode();
    }

    private static HttpResponse<String> get(Map<String, String> ports, String path, String credentials)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(ports, path));
        if (!credentials.isEmpty()) {
            String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + basic);
        }
        return send(request.build());
    }

    private static URI uri(Map<String, String> ports, String path) {
        return URI.create("http://localhost:" + ports.get("QUARKUS_HTTP_PORT") + path);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
