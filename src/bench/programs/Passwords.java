import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What passwords cost others, and what they tell: whether 64 connections that send passwords of cost 10 without a pause, wrong
 * ones and right ones, slow down API keys; and whether a refusal takes as long for a user who does not exist.
 *
 * <p>{@code java src/bench/programs/Passwords.java target/quarkus-app/quarkus-run.jar}. The server runs as a process of its
 * own on loopback. API keys ask at a steady rate ({@code -Drate=200} a second), each at its time whether or not those before it
 * have been answered; a latency counts from the time at which the request was due. Three times: alone; with the passwords, and
 * neither throttled nor remembered, so that every one of them is checked, which is the worst that there can be; and with the
 * passwords as it is by default.
 */
public final class Passwords {

    private static final String KEY = "bench-0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String PASSWORD = "correct horse";
    private static final String COST_10 = "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";
    private static final String COST_8 = "$2b$08$abcdefghijklmnopqrstuubAvJmxpQuyV3jn7x.SUSPxe.DearCPe";
    private static final int CONNECTIONS = 64;
    private static final int RATE = Integer.getInteger("rate", 200);
    private static final int SECONDS = Integer.getInteger("seconds", 20);
    private static final int TOKENS = Integer.getInteger("tokens", 20_000);
    private static final int PAIRS = Integer.getInteger("pairs", 300);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Path jar;
    private final Path directory;
    private String base = "";
    private Optional<Process> server = Optional.empty();

    private Passwords(Path jar, Path directory) {
        this.jar = jar;
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("passwords");
        try {
            new Passwords(Path.of(args[0]).toAbsolutePath(), directory).run();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run() throws Exception {
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8)));
        Files.writeString(directory.resolve("policy.yaml"), """
                accounts:
                  acme:
                    namespaces: [acme]
                    network: { allow: [{ address: 127.0.0.0/8 }] }
                    service-ids: { bot: { api-keys: [{ id: k1, digest: "sha-256:%s" }] } }
                    users:
                      cheap: { password: "%s" }
                    bindings: [{ subjects: [service-id:bot], roles: [Writer] }]
                """.formatted(digest, COST_8));
        StringBuilder users = new StringBuilder();
        for (int i = 0; i < CONNECTIONS; i++) {
            users.append("user-").append(i).append(':').append(COST_10).append('\n');
        }
        Files.writeString(directory.resolve("htpasswd"), users);

        Map<String, String> everythingIsChecked = Map.of(
                "POSTERN_PASSWORDS_CACHE_SIZE", "0",
                "POSTERN_THROTTLE_FAILURES_PER_SOURCE", "1000000",
                "POSTERN_THROTTLE_FAILURES_PER_SUBJECT", "1000000");
        serve(everythingIsChecked, () -> {
            phase("warm-up", false);
            load(2, true);
            Latencies alone = phase("API keys alone", false);
            Latencies loaded = phase("every password checked", true);
            System.out.printf("p99 with passwords / p99 alone: %.2f%n", loaded.at(0.99) / alone.at(0.99));
            timing();
        });
        serve(Map.of(), () -> {
            phase("warm-up", false);
            ask("user-1", PASSWORD).join();
            cost("warm-up", "user-1", PASSWORD);
            cost("warm-up", "iamapikey", KEY);
            double key = cost("an API key", "iamapikey", KEY);
            double password = cost("a remembered password", "user-1", PASSWORD);
            System.out.printf("a remembered password / an API key: %.2f%n", password / key);
            Latencies alone = phase("API keys alone", false);
            Latencies loaded = phase("by default", true);
            System.out.printf("p99 with passwords / p99 alone: %.2f%n", loaded.at(0.99) / alone.at(0.99));
        });
    }

    // The requests

    private Latencies phase(String name, boolean passwords) throws Exception {
        CompletableFuture<Map<Integer, Integer>> load = passwords
                ? CompletableFuture.supplyAsync(() -> load(SECONDS, false), Thread::startVirtualThread)
                : CompletableFuture.completedFuture(Map.of());
        if (passwords) {
            TimeUnit.SECONDS.sleep(1);
        }
        int count = RATE * (SECONDS - 1);
        long[] nanos = new long[count];
        AtomicInteger failed = new AtomicInteger();
        CompletableFuture<?>[] answers = new CompletableFuture<?>[count];
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * (1_000_000_000L / RATE);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int at = i;
            answers[i] = ask("iamapikey", KEY).handle((status, failure) -> {
                nanos[at] = System.nanoTime() - due;
                if (failure != null || status != 200) {
                    failed.incrementAndGet();
                }
                return true;
            });
        }
        CompletableFuture.allOf(answers).join();
        Latencies latencies = new Latencies(nanos);
        System.out.printf(
                "%-24s %,d API keys, %d failed; p50 %.2f ms, p99 %.2f ms, longest %.1f ms%s%n",
                name,
                count,
                failed.get(),
                latencies.at(0.5),
                latencies.at(0.99),
                latencies.at(1),
                passwords ? "; passwords by status: " + load.join() : "");
        return latencies;
    }

    /** Every connection sends one after the other, right and wrong by turns, each with a user of its own. */
    private Map<Integer, Integer> load(int seconds, boolean quietly) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
        List<Thread> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            String user = "user-" + i;
            connections.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; System.nanoTime() < end; n++) {
                    int status = ask(user, n % 2 == 0 ? PASSWORD : "wrong " + n).join();
                    statuses.merge(status, 1, Integer::sum);
                    if (status == 429 || status == 503) {
                        // Else it would be the requests that are measured, and not the passwords.
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
                    }
                }
            }));
        }
        for (Thread connection : connections) {
            try {
                connection.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return new TreeMap<>(statuses);
    }

    /** The server's processor time for one token. */
    private double cost(String name, String user, String password) {
        List<Thread> connections = new ArrayList<>();
        double before = cpu();
        for (int i = 0; i < 8; i++) {
            connections.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < TOKENS / 8; n++) {
                    if (ask(user, password).join() != 200) {
                        throw new AssertionError(user + " is refused");
                    }
                }
            }));
        }
        for (Thread connection : connections) {
            try {
                connection.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        double each = (cpu() - before) * 1e6 / TOKENS;
        System.out.printf("%-24s %.1f µs of the server's processor a token%n", name, each);
        return each;
    }

    private double cpu() {
        return server.orElseThrow().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** By turns, so that whatever else the machine does is the same for all. */
    private void timing() {
        List<String> logins = List.of("user-1", "nobody", "cheap", "acme/nobody");
        long[][] nanos = new long[logins.size()][PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            for (int login = 0; login < logins.size(); login++) {
                long start = System.nanoTime();
                if (ask(logins.get(login), "wrong " + i).join() != 401) {
                    throw new AssertionError("a wrong password of " + logins.get(login));
                }
                nanos[login][i] = System.nanoTime() - start;
            }
        }
        double first = 0;
        for (int login = 0; login < logins.size(); login++) {
            double median = new Latencies(nanos[login]).at(0.5);
            first = login == 0 ? median : first;
            System.out.printf(
                    "refused after a median of %.2f ms (%+.1f %%): %s%n",
                    median, (median / first - 1) * 100, logins.get(login));
        }
    }

    private CompletableFuture<Integer> ask(String user, String password) {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return http.sendAsync(
                        HttpRequest.newBuilder(URI.create(
                                        base + "/token?service=registry.localhost&scope=repository:acme/app:pull,push"))
                                .header("Authorization", "Basic " + credentials)
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    // The server

    private interface Measurement {
        void run() throws Exception;
    }

    private void serve(Map<String, String> settings, Measurement measurement) throws Exception {
        int port = freePort();
        int management = freePort();
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        jar.toString(),
                        "serve")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(settings);
        builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
        builder.environment().put("QUARKUS_PROFILE", "local");
        builder.environment().put("POSTERN_POLICY", directory.resolve("policy.yaml").toString());
        builder.environment().put("POSTERN_HTPASSWD_ACME", directory.resolve("htpasswd").toString());
        Process server = builder.start();
        this.server = Optional.of(server);
        try {
            base = "http://127.0.0.1:" + port;
            awaitReady(server, management);
            measurement.run();
        } catch (Exception | AssertionError e) {
            System.out.println(tail(output));
            throw e;
        } finally {
            server.destroy();
            server.waitFor(15, TimeUnit.SECONDS);
        }
    }

    private void awaitReady(Process server, int management) throws Exception {
        URI ready = URI.create("http://127.0.0.1:" + management + "/q/health/ready");
        for (int i = 0; i < 3000; i++) {
            if (!server.isAlive()) {
                throw new AssertionError("the server has ended");
            }
            try {
                if (http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding()).statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // It will be.
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("the server is not ready after a minute");
    }

    /** Latencies in order; {@link #at} in milliseconds. */
    private record Latencies(long[] nanos) {
        Latencies {
            Arrays.sort(nanos);
        }

        double at(double quantile) {
            return nanos[(int) Math.min(nanos.length - 1, quantile * nanos.length)] / 1e6;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String tail(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
