package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests when the server is asked to end. */
class EndIT {

    private static final String API_KEY = "acme-bot-key";
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString(("iamapikey:" + API_KEY).getBytes(StandardCharsets.UTF_8));
    private static final int CLIENTS = 8;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>(PosternProcess.freePorts());
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void policy() throws IOException {
        Files.writeString(directory.resolve("policy.yaml"), """
                accounts:
                  acme:
                    namespaces: [acme]
                    service-ids:
                      bot:
                        api-keys: [{ id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }]
                    bindings:
                      - { subjects: [service-id:bot], roles: [Writer] }
                """);
        environment.put("POSTERN_POLICY", directory.resolve("policy.yaml").toString());
        environment.put("QUARKUS_SHUTDOWN_DELAY", "3S");
    }

    @Test
    void noRequestFailsThatWasSentBeforeABalancerCouldKnow() throws Exception {
        // Given: clients that ask without a pause, until readiness says no
        AtomicBoolean on = new AtomicBoolean(true);
        AtomicInteger answered = new AtomicInteger();
        ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();
        try (PosternProcess postern = start();
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> {
                    while (on.get()) {
                        try {
                            int status = get(tokenUrl()).statusCode();
                            if (status == 200) {
                                answered.incrementAndGet();
                            } else {
                                failed.add("status " + status);
                            }
                        } catch (IOException e) {
                            failed.add(e.toString());
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                });
            }
            awaitAnswers(answered, 200);

            // When
            postern.terminate();
            awaitUnready();
            int before = answered.get();
            // A balancer takes a while to act on what it has learned.
            Thread.sleep(500);
            on.set(false);
            clients.shutdown();
            assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

            // Then
            assertThat(failed).isEmpty();
            assertThat(answered.get())
                    .as("answered after it said that it is not ready")
                    .isGreaterThan(before);
            assertThat(postern.awaitExit()).isIn(143, 0);
        }
    }

    @Test
    void aRequestUnderWayIsFinished() throws Exception {
        // Given: a request of which half has come
        environment.put("QUARKUS_SHUTDOWN_DELAY", "0S");
        String body =
                "grant_type=password&service=registry.localhost&client_id=t&username=iamapikey&password=" + API_KEY;
        try (PosternProcess postern = start();
                Socket socket = new Socket("localhost", port())) {
            // The first of all requests takes its time.
            assertThat(get(tokenUrl()).statusCode()).isEqualTo(200);
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body.substring(0, 20))
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(1500);

            // When
            postern.terminate();
            Thread.sleep(1000);
            out.write(body.substring(20).getBytes(StandardCharsets.US_ASCII));
            out.flush();

            // Then
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(15), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
            assertThat(postern.awaitExit()).isIn(143, 0);
        }
    }

    @Test
    void aRequestThatNeverEndsDoesNotKeepTheServer() throws Exception {
        // Given
        environment.put("QUARKUS_SHUTDOWN_DELAY", "0S");
        environment.put("QUARKUS_SHUTDOWN_TIMEOUT", "2S");
        try (PosternProcess postern = start();
                Socket socket = new Socket("localhost", port())) {
            socket.getOutputStream()
                    .write("POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\na"
                            .getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(500);
            // When
            long asked = System.nanoTime();
            postern.terminate();
            // Then
            assertThat(postern.awaitExit()).isIn(143, 0);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(15));
        }
    }

    private PosternProcess start() throws IOException, InterruptedException {
        PosternProcess postern = PosternProcess.start(directory, environment, "serve", "--profile", "local");
        postern.awaitOutput("rootcertbundle:");
        return postern;
    }

    private int port() {
        return Integer.parseInt(environment.get("QUARKUS_HTTP_PORT"));
    }

    private URI tokenUrl() {
        return URI.create(
                "http://localhost:" + port() + "/token?service=registry.localhost&scope=repository:acme/app:pull");
    }

    private HttpResponse<String> get(URI url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(url)
                        .header("Authorization", BASIC)
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void awaitAnswers(AtomicInteger answered, int number) throws InterruptedException {
        for (int i = 0; answered.get() < number; i++) {
            assertThat(i).as("answers so far: " + answered).isLessThan(600);
            Thread.sleep(50);
        }
    }

    private void awaitUnready() throws IOException, InterruptedException {
        URI ready = URI.create("http://localhost:" + environment.get("QUARKUS_MANAGEMENT_PORT") + "/q/health/ready");
        for (int i = 0; i < 100; i++) {
            if (get(ready).statusCode() == 503) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("readiness did not say no; known: " + List.of(environment));
    }
}
