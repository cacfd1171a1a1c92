package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where audit events go, seen from outside: sinks that are full, slow and gone, a server that is killed, and one decision found again. */
class AuditIT {

    private static final int EVENTS = 20_000;
    /** As many wait for a sink, and no more but those of one batch. */
    private static final int MOST_WAITING = 16 * 1024 + 1024;

    /** More events than a disk of 256 KiB holds. */
    private static final int ON_THE_DISK = 1000;

    private static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }] }
                bindings: [{ subjects: [anonymous], roles: [Reader] }]
            """;

    private static final Pattern METRIC =
            Pattern.compile("^postern_audit_lost_total\\{sink=\"(\\w+)\"[^}]*} ([0-9.E]+)", Pattern.MULTILINE);

    @TempDir
    Path directory;

    private final Map<String, String> ports = PosternProcess.freePorts();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void decisionsGoOnWhileOneSinkIsFullOneSlowAndOneGoneAndWhatTheyLoseIsCounted() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Mount full = Mount.of(disk, "256k")) {
            // Given: a disk that is soon full, a server that never reads, and nobody at all
            settings("""
                      sinks: [stdout, file, syslog, otlp]
                      file: { path: disk/audit.jsonl }
                      syslog: { address: "tcp://%s:%d" }
                      otlp: { url: "http://127.0.0.1:%d/v1/logs", timeout: 1s }
                    """.formatted(
                            slow.getInetAddress().getHostAddress(), slow.getLocalPort(), PosternProcess.freePort()));
            try (PosternProcess postern = serve()) {
                postern.awaitOutput("isten");

                // When
                Set<String> ids = new HashSet<>();
                for (int sent = 0; sent < EVENTS; sent += 50) {
                    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        answers.add(http.sendAsync(refused(), BodyHandlers.ofString()));
                    }
                    for (CompletableFuture<HttpResponse<String>> answer : answers) {
                        HttpResponse<String> each = answer.get();
                        assertThat(each.statusCode()).isEqualTo(403);
                        ids.add(id(each));
                    }
                }

                // Then: each was decided, and its event written where events are taken
                assertThat(ids).hasSize(EVENTS);
                await(() -> events(postern.output()).size() == EVENTS);
                assertThat(events(postern.output())).isEqualTo(ids);
                Map<String, Double> lost = lost();
                assertThat(lost.get("stdout")).isZero();
                assertThat(lost.get("file")).isGreaterThanOrEqualTo(EVENTS - MOST_WAITING - ON_THE_DISK);
                assertThat(lost.get("otlp")).isGreaterThanOrEqualTo(EVENTS - MOST_WAITING);
                postern.awaitOutput("audit events were lost: otlp did not take them");
                postern.awaitOutput("audit events were lost: file did not take them");

                // When: there is room again
                full.resize("64m");

                // Then: all that were not lost are kept, and each line is whole
                Path file = disk.resolve("audit.jsonl");
                await(() -> events(Files.readString(file)).size() == EVENTS - lost().get("file"));
                assertThat(Files.readString(file).lines())
                        .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
                try (Socket accepted = slow.accept()) {
                    assertThat(accepted.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void aKilledServerLosesNoEventThatIsASecondOldAndTheNextGoesOnInTheSameFile() throws Exception {
        // Given
        settings("""
                  sinks: [file]
                  file: { path: audit/audit.jsonl }
                """);
        Path file = directory.resolve("audit/audit.jsonl");
        Set<String> before = new HashSet<>();
        Set<String> during = new HashSet<>();
        try (PosternProcess postern = serve()) {
            postern.awaitOutput("isten");
            for (int i = 0; i < 200; i++) {
                before.add(id(http.send(refused(), BodyHandlers.ofString())));
            }
            Thread.sleep(1000);
            // When
            for (int i = 0; i < 200; i++) {
                during.add(id(http.send(refused(), BodyHandlers.ofString())));
            }
            postern.kill();
        }

        // Then
        Set<String> kept = events(Files.readString(file));
        assertThat(kept).containsAll(before);
        Set<String> all = new HashSet<>(before);
        all.addAll(during);
        assertThat(all).containsAll(kept);

        // When: a line was torn, and another server goes on
        Files.writeString(file, Files.readString(file) + "{\"time\":\"2026-");
        String after;
        try (PosternProcess postern = serve()) {
            postern.awaitOutput("isten");
            after = id(http.send(refused(), BodyHandlers.ofString()));
        }

        // Then: an orderly end writes what waits
        assertThat(events(Files.readString(file))).contains(after).containsAll(kept);

        // And: the event is found and explained
        try (PosternProcess explain =
                PosternProcess.start(directory, Map.of(), "explain", "--config", "settings.yaml", after)) {
            assertThat(explain.awaitExit()).as(explain.output()).isZero();
            assertThat(explain.output())
                    .contains("decision " + after)
                    .contains("refused: address-not-listed")
                    .contains("account acme: no rule allows it, and the default is deny [refuses] (");
        }
    }

    /** A disk in memory, of a size that can be changed. */
    private record Mount(Path at) implements AutoCloseable {

        static Mount of(Path at, String size) throws IOException, InterruptedException {
            if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", at.toString()) != 0) {
                String reason = "AuditIT: no disk can be mounted; it takes root on Linux";
                assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
                Files.writeString(
                        Path.of(System.getProperty("postern.basedir")).resolve("target/left-out.txt"),
                        reason + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                Assumptions.abort(reason);
            }
            return new Mount(at);
        }

        void resize(String size) throws IOException, InterruptedException {
            assertThat(run("mount", "-o", "remount,size=" + size, at.toString()))
                    .isZero();
        }

        private static int run(String... command) throws IOException, InterruptedException {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            run("umount", "-l", at.toString());
        }
    }

    private PosternProcess serve() throws IOException {
        return PosternProcess.start(directory, ports, "serve", "--config", "settings.yaml", "--profile", "local");
    }

    private void settings(String audit) throws IOException {
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        Files.writeString(
                directory.resolve("settings.yaml"), "postern:\n  policy: policy.yaml\n  audit:\n" + audit.indent(4));
    }

    private HttpRequest refused() {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + ports.get("QUARKUS_HTTP_PORT")
                        + "/token?service=registry.localhost&scope=repository:acme/app:pull"))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    private static String id(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Postern-Decision").orElseThrow();
    }

    private static Set<String> events(String output) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Set<String> ids = new HashSet<>();
        for (String line : output.lines().toList()) {
            if (line.startsWith("{") && line.endsWith("}")) {
                JsonNode event = json.readTree(line);
                ids.add(event.path("decision").asText());
            }
        }
        return ids;
    }

    private Map<String, Double> lost() throws IOException, InterruptedException {
        String metrics = http.send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://localhost:" + ports.get("QUARKUS_MANAGEMENT_PORT") + "/q/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        Map<String, Double> lost = new HashMap<>();
        Matcher lines = METRIC.matcher(metrics);
        while (lines.find()) {
            lost.put(lines.group(1), Double.parseDouble(lines.group(2)));
        }
        return lost;
    }

    /** Something that comes true soon. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        Instant end = Instant.now().plusSeconds(30);
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(100);
        }
    }
}
