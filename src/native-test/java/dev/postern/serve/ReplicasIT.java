package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.replicas.RedisServer;
import dev.postern.testing.TestPolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas that share a policy, an authority and a Redis, and nothing else. */
class ReplicasIT {

    private static final String SERVICE = "registry.localhost";
    private static final String KEY = "iamapikey:" + TestPolicy.API_KEY;
    private static final String ALICE = "alice:" + TestPolicy.ALICES_PASSWORD;
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;
    private Replica one;
    private Replica other;

    private record Replica(Path directory, Map<String, String> environment, PosternProcess process) {}

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start(directory);
        one = replica("one", Map.of());
        Path signing = Files.createDirectories(directory.resolve("other/data/signing"));
        for (String file : List.of("authority.key", "authority.crt")) {
            Files.copy(one.directory().resolve("data/signing").resolve(file), signing.resolve(file));
        }
        other = replica("other", Map.of("POSTERN_REDIS_REFRESH_TOKENS_WITHOUT", "refuse"));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        redis.close();
        client.close();
    }

    private Replica replica(String name, Map<String, String> more) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        Path policy = directory.resolve("policy.yaml");
        Files.writeString(policy, TestPolicy.TEXT);
        Map<String, String> environment = new HashMap<>(PosternProcess.freePorts());
        environment.put("POSTERN_POLICY", policy.toString());
        environment.put("POSTERN_REDIS_HOSTS", redis.url());
        environment.put("POSTERN_TOKEN_ROTATION_EVERY", "30d");
        environment.putAll(more);
        return serve(home, environment);
    }

    private Replica serve(Path home, Map<String, String> environment) throws Exception {
        PosternProcess process = PosternProcess.start(home, environment, "serve");
        open.add(process);
        process.awaitOutput("rootcertbundle:");
        process.awaitOutput("what replicas share is shared by Redis");
        return new Replica(home, environment, process);
    }

    private HttpResponse<String> get(Replica from, String path, String credentials) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(from, "QUARKUS_HTTP_PORT", path));
        if (!credentials.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(Replica replica, String port, String path) {
        return URI.create("http://localhost:" + replica.environment().get(port) + path);
    }

    private HttpResponse<String> login(Replica at, String credentials) throws Exception {
        return get(at, "/token?offline_token=true&service=" + SERVICE, credentials);
    }

    private int exchange(Replica at, String refreshToken) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(uri(at, "QUARKUS_HTTP_PORT", "/token"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "grant_type=refresh_token&client_id=test&service=" + SERVICE + "&refresh_token="
                                                + URLEncoder.encode(refreshToken, StandardCharsets.UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private JsonNode ready(Replica at) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri(at, "QUARKUS_MANAGEMENT_PORT", "/q/health/ready"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        for (JsonNode check : new ObjectMapper().readTree(answer.body()).path("checks")) {
            if (check.path("name").asText().equals("replicas")) {
                return check.path("data");
            }
        }
        throw new AssertionError("no check 'replicas' in " + answer.body());
    }

    private String metrics(Replica of) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(uri(of, "QUARKUS_MANAGEMENT_PORT", "/q/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String refreshToken(Replica at, String credentials) throws Exception {
        HttpResponse<String> answer = login(at, credentials);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body()).path("refresh_token").asText();
    }

    /** Condition that may fail. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static Duration await(String what, Condition condition) throws Exception {
        return await(what, Duration.ofMillis(10), condition);
    }

    /** Asks seldom where each no counts: ten of them in a minute, and the place is told to wait. */
    private static void awaitAskingSeldom(String what, Condition condition) throws Exception {
        await(what, Duration.ofMillis(700), condition);
    }

    private static Duration await(String what, Duration pause, Condition condition) throws Exception {
        Instant begin = Instant.now();
        while (!condition.holds()) {
            assertThat(Duration.between(begin, Instant.now())).as(what).isLessThan(SOON);
            Thread.sleep(pause);
        }
        return Duration.between(begin, Instant.now());
    }

    @Test
    void what_is_revoked_at_one_is_refused_at_the_other_and_stays_so_without_redis() throws Exception {
        // Given: each has a key of its own, and a token of one is taken by the other
        assertThat(get(one, "/jwks.json", "").body())
                .isNotEqualTo(get(other, "/jwks.json", "").body());
        String bots = refreshToken(one, KEY);
        String alices = refreshToken(one, ALICE);
        awaitAskingSeldom("the other knows one's keys", () -> exchange(other, bots) == 200);
        assertThat(exchange(other, alices)).isEqualTo(200);

        // When
        try (PosternProcess revoke =
                PosternProcess.start(one.directory(), one.environment(), "revoke", "--subject", "user:acme/alice")) {
            assertThat(revoke.awaitExit()).as(revoke.output()).isZero();
        }

        // Then
        Duration late = await("the other refuses", () -> exchange(other, alices) == 401);
        System.out.printf("Replicas: refused by the other %d ms after the command had ended.%n", late.toMillis());
        await("one refuses", () -> exchange(one, alices) == 401);
        assertThat(exchange(other, bots)).isEqualTo(200);

        // When: Redis is gone
        redis.kill();
        await(
                "it is noticed",
                () -> ready(one).path("degraded").asBoolean()
                        && ready(other).path("degraded").asBoolean());

        // Then: tokens flow on, and what was revoked stays so, also after a restart
        assertThat(login(one, KEY).statusCode()).isEqualTo(200);
        assertThat(login(other, KEY).statusCode()).isEqualTo(200);
        assertThat(exchange(one, alices)).isEqualTo(401);
        assertThat(exchange(other, alices)).isEqualTo(401);
        assertThat(ready(one).path("redis").asText()).contains(", since ");
        assertThat(metrics(one)).contains("postern_redis_degraded 1.0");
        // One takes refresh tokens meanwhile, and the other is told not to.
        assertThat(exchange(one, bots)).isEqualTo(200);
        assertThat(exchange(other, bots)).isEqualTo(503);
        other.process().close();
        PosternProcess again = PosternProcess.start(other.directory(), other.environment(), "serve");
        open.add(again);
        again.awaitOutput("rootcertbundle:");
        assertThat(login(other, KEY).statusCode()).isEqualTo(200);
        assertThat(exchange(other, refreshToken(other, KEY))).isEqualTo(503);
        assertThat(Files.readString(other.directory().resolve("data/revocations")))
                .contains("subject user%3Aacme%2Falice ");

        // When: it is back, with nothing in it
        redis.startAgain();

        // Then
        await(
                "it is used again",
                () -> !ready(one).path("degraded").asBoolean()
                        && !ready(other).path("degraded").asBoolean());
        awaitAskingSeldom("the other knows one's keys again", () -> exchange(other, bots) == 200);
        assertThat(exchange(other, alices)).isEqualTo(401);
        String metrics = metrics(one);
        assertThat(metrics).contains("postern_redis_degraded 0.0");
        String page = Files.readString(Path.of(System.getProperty("postern.basedir", ""))
                .toAbsolutePath()
                .resolve("docs/replicas.md"));
        List<String> named = Pattern.compile("postern_redis_[a-z_]+")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(named).hasSize(3).allSatisfy(name -> assertThat(metrics).contains(name));
    }

    @Test
    void what_is_guessed_wrong_at_one_slows_down_at_the_other() throws Exception {
        // Given
        assertThat(login(other, "iamapikey:wrong").statusCode()).isEqualTo(401);

        // When
        for (int i = 0; i < 12; i++) {
            login(one, "iamapikey:wrong-" + i);
        }

        // Then: and what is right is let in at both
        await("the other has heard", () -> login(other, "iamapikey:wrong").statusCode() == 429);
        assertThat(login(other, KEY).statusCode()).isEqualTo(200);
        assertThat(login(one, KEY).statusCode()).isEqualTo(200);
    }
}
