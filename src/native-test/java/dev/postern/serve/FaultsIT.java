package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One fault after the other in one server with little memory: who may pass passes, who may not does not, and after it all is as before. */
class FaultsIT {

    private static final String API_KEY = "acme-bot-key";
    private static final String GOOD = "203.0.113.10";
    private static final String STRANGER = "192.0.2.50";
    private static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }] }
                service-ids:
                  bot:
                    api-keys: [{ id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }]
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer] }
            """;
    private static final String TARGET = "/token?service=registry.localhost&scope=repository:acme/app:pull";
    private static final int SLOW = 1000;
    private static final int PIPELINED = 1500;

    @TempDir
    static Path directory;

    private static final Map<String, String> ENVIRONMENT = new HashMap<>(PosternProcess.freePorts());
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static PosternProcess postern;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        for (String name : List.of("key", "other")) {
            try (PosternProcess made = PosternProcess.start(
                    directory, Map.of(), "keys", "create", "--key", name + ".pem", "--certificate", name + ".crt")) {
                assertThat(made.awaitExit()).isZero();
            }
        }
        ENVIRONMENT.put("POSTERN_POLICY", directory.resolve("policy.yaml").toString());
        ENVIRONMENT.put("POSTERN_TOKEN_KEY", directory.resolve("key.pem").toString());
        ENVIRONMENT.put(
                "POSTERN_TOKEN_CERTIFICATE", directory.resolve("key.crt").toString());
        ENVIRONMENT.put("POSTERN_SOURCE_TRUSTED_PROXIES", "127.0.0.1,::1");
        ENVIRONMENT.put("POSTERN_TOKEN_REUSE", "false");
        ENVIRONMENT.put("POSTERN_OVERLOAD_MAX_LAG", "50ms");
        // Little memory, whatever else the command says.
        ENVIRONMENT.put("_JAVA_OPTIONS", "-Xmx96m");
        begin();
    }

    private static void begin() throws Exception {
        postern = PosternProcess.start(directory, ENVIRONMENT, "serve", "--profile", "local");
        postern.awaitOutput("rootcertbundle:");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        postern.close();
    }

    @AfterEach
    void theGateStandsAsBefore() throws Exception {
        await(() -> token(GOOD, API_KEY).statusCode() == 200);
        assertThatTheGateStands();
        assertThat(postern.output()).doesNotContain("OutOfMemoryError");
    }

    enum Fault {
        DELETED,
        GARBAGE,
        EMPTY,
        DIRECTORY
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatIsNoneLeavesTheLastGoodOneInForce(Fault fault) throws Exception {
        // When
        Path policy = directory.resolve("policy.yaml");
        Files.delete(policy);
        switch (fault) {
            case DELETED -> {}
            case GARBAGE -> Files.write(policy, new byte[] {0, -1, 'x', ':', ' ', '[', -128});
            case EMPTY -> Files.createFile(policy);
            case DIRECTORY -> Files.createDirectory(policy);
        }

        // Then
        await(() -> management("/q/health/ready").contains("\"stale\": true"));
        assertThatTheGateStands();

        // When
        Files.deleteIfExists(policy);
        Files.writeString(policy, POLICY);

        // Then
        await(() -> management("/q/health/ready").contains("\"stale\": false"));
    }

    @Test
    void aKeyThatIsNotItsCertificatesLeavesTheLastGoodOneSigning() throws Exception {
        // Given
        Path key = directory.resolve("key.pem");
        Path kept = Files.copy(key, directory.resolve("kept.pem"));
        String keys = get("/jwks.json", GOOD, "").body();

        // When
        Files.copy(directory.resolve("other.pem"), key, StandardCopyOption.REPLACE_EXISTING);

        // Then
        await(() -> management("/q/metrics").contains("postern_tokens_degraded{part=\"signing-keys\"} 1"));
        assertThatTheGateStands();
        assertThat(get("/jwks.json", GOOD, "").body()).isEqualTo(keys);

        // When
        Files.move(kept, key, StandardCopyOption.REPLACE_EXISTING);

        // Then
        await(() -> management("/q/metrics").contains("postern_tokens_degraded{part=\"signing-keys\"} 0"));
    }

    @Test
    void withoutFileDescriptorsWhoIsConnectedIsAnsweredAndOnceThereAreSomeEverybody() throws Exception {
        try (Socket connected = connect()) {
            assertThat(ask(connected, GOOD)).isEqualTo(200);

            // When: there are fewer than are in use
            limitFiles(20);

            // Then
            assertThat(ask(connected, GOOD)).isEqualTo(200);
            assertThat(ask(connected, STRANGER)).isEqualTo(403);
            try (Socket late = connect()) {
                late.setSoTimeout(1000);
                assertThat(ask(late, STRANGER)).isNotEqualTo(200);
            }
        } finally {
            limitFiles(4096);
        }
    }

    @Test
    void halfOpenConnectionsHoldNobodyUp() throws Exception {
        List<Socket> slow = slow(SLOW, "GET /tok");
        try {
            assertThatAnswersComeWithin(Duration.ofSeconds(2));
        } finally {
            close(slow);
        }
    }

    @Test
    void unfinishedHeadersOfManyTakeNoMoreMemoryThanThereIs() throws Exception {
        // Given: in all, as much as half of the heap, of which an eighth may be held
        List<Socket> slow = slow(
                2 * SLOW,
                "GET /token HTTP/1.1\r\nHost: localhost\r\n" + ("X-A: " + "a".repeat(1000) + "\r\n").repeat(28));
        try {
            // Then
            assertThatAnswersComeWithin(Duration.ofSeconds(2));
            assertThat(metric("postern_overload_closed_total")).isPositive();
        } finally {
            close(slow);
        }
    }

    @Test
    void unfinishedBodiesOfManyTakeNoMoreMemoryThanThereIs() throws Exception {
        List<Socket> slow = slow(
                SLOW,
                "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Expect: 100-continue\r\nContent-Length: 64000\r\n\r\n" + "a".repeat(60_000));
        try {
            assertThatAnswersComeWithin(Duration.ofSeconds(2));
        } finally {
            close(slow);
        }
    }

    @Test
    void aFloodIsShedAndNobodyPassesByIt() throws Exception {
        // Given
        double before = metric("postern_overload_shed_total");
        List<Socket> flood = new ArrayList<>();
        Map<Integer, Integer> answers = new HashMap<>();
        try {
            byte[] requests = request(STRANGER).repeat(PIPELINED).getBytes(StandardCharsets.US_ASCII);
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Socket socket = connect();
                flood.add(socket);
                senders.add(Thread.ofVirtual().start(() -> {
                    try {
                        socket.getOutputStream().write(requests);
                    } catch (IOException e) {
                        // It was closed.
                    }
                }));
            }

            // Then: health, and whoever comes meanwhile, soon have an answer
            assertThatAnswersComeWithin(Duration.ofSeconds(2));
            for (Socket socket : flood) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (int i = 0; i < PIPELINED; i++) {
                    answers.merge(status(in), 1, Integer::sum);
                }
            }
        } finally {
            close(flood);
        }
        assertThat(answers).containsOnlyKeys(403, 503);
        assertThat(metric("postern_overload_shed_total")).isGreaterThan(before);
        Instant over = Instant.now();
        assertThat(token(GOOD, API_KEY).statusCode()).isEqualTo(200);
        assertThat(Duration.between(over, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void killedUnderLoadItComesBackWithItsKeysAndItsGate() throws Exception {
        // Given
        String keys = get("/jwks.json", GOOD, "").body();
        AtomicBoolean on = new AtomicBoolean(true);
        AtomicBoolean passed = new AtomicBoolean();
        Thread load = Thread.ofPlatform().start(() -> {
            while (on.get()) {
                try {
                    if (token(STRANGER, API_KEY).statusCode() == 200) {
                        passed.set(true);
                    }
                } catch (IOException e) {
                    // It is down.
                } catch (InterruptedException e) {
                    return;
                }
            }
        });

        // When
        Thread.sleep(300);
        postern.kill();
        postern.close();
        begin();

        // Then
        on.set(false);
        load.join();
        assertThat(passed).isFalse();
        assertThat(get("/jwks.json", GOOD, "").body()).isEqualTo(keys);
    }

    private static void assertThatTheGateStands() throws Exception {
        assertThat(token(GOOD, API_KEY).statusCode()).isEqualTo(200);
        assertThat(token(STRANGER, API_KEY).statusCode()).isEqualTo(403);
        assertThat(token(GOOD, "wrong").statusCode()).isIn(401, 429);
    }

    /** Health, a token and a refusal; what is shed says when to come again. */
    private static void assertThatAnswersComeWithin(Duration most) throws Exception {
        for (int i = 0; i < 5; i++) {
            Instant began = Instant.now();
            assertThat(management("/q/health/ready")).contains("\"UP\"");
            assertThat(Duration.between(began, Instant.now())).isLessThan(most);
            for (String from : List.of(GOOD, STRANGER)) {
                began = Instant.now();
                HttpResponse<String> answer = token(from, API_KEY);
                assertThat(Duration.between(began, Instant.now())).isLessThan(most);
                if (answer.statusCode() == 503) {
                    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                    assertThat(answer.body()).contains("\"UNAVAILABLE\"");
                } else {
                    assertThat(answer.statusCode()).isEqualTo(from.equals(GOOD) ? 200 : 403);
                }
            }
            Thread.sleep(100);
        }
    }

    private static HttpResponse<String> token(String from, String apiKey) throws IOException, InterruptedException {
        return get(TARGET, from, apiKey);
    }

    private static HttpResponse<String> get(String target, String from, String apiKey)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + target))
                .timeout(Duration.ofSeconds(10))
                .header("X-Forwarded-For", from);
        if (!apiKey.isEmpty()) {
            request.header("Authorization", basic(apiKey));
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String basic(String apiKey) {
        return "Basic " + Base64.getEncoder().encodeToString(("iamapikey:" + apiKey).getBytes(StandardCharsets.UTF_8));
    }

    private static String management(String path) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://localhost:" + ENVIRONMENT.get("QUARKUS_MANAGEMENT_PORT") + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static double metric(String name) throws IOException, InterruptedException {
        return management("/q/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static int port() {
        return Integer.parseInt(ENVIRONMENT.get("QUARKUS_HTTP_PORT"));
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("localhost", port()), 5000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Connections that begin a request, and say no more. */
    private static List<Socket> slow(int number, String beginning) throws IOException {
        byte[] bytes = beginning.getBytes(StandardCharsets.US_ASCII);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Socket socket = connect();
            sockets.add(socket);
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // It was closed at once.
            }
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static String request(String from) {
        return "GET " + TARGET + " HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + from + "\r\nAuthorization: "
                + basic(API_KEY) + "\r\n\r\n";
    }

    /** The status of an answer on a connection that stays; 0 where none comes. */
    private static int ask(Socket socket, String from) {
        try {
            socket.getOutputStream().write(request(from).getBytes(StandardCharsets.US_ASCII));
            return status(socket.getInputStream());
        } catch (IOException e) {
            return 0;
        }
    }

    private static int status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after '" + head + "'");
            }
            head.append((char) next);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        int length = text.indexOf("content-length: ");
        int end = text.indexOf("\r\n", length);
        in.readNBytes(Integer.parseInt(text.substring(length + "content-length: ".length(), end)));
        return Integer.parseInt(text.substring("http/1.1 ".length(), "http/1.1 200".length()));
    }

    private static void limitFiles(int most) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("prlimit", "--pid", String.valueOf(postern.pid()), "--nofile=" + most + ":")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        Instant end = Instant.now().plusSeconds(20);
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (IOException e) {
                // Not yet.
            }
            assertThat(Instant.now()).as(postern.output()).isBefore(end);
            Thread.sleep(100);
        }
    }
}
