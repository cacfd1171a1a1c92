import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A large policy in a small heap: how long the server takes to load it, how long a change of one account takes to be in
 * force, and what callers notice of it meanwhile.
 *
 * <p>{@code java src/bench/programs/Scale.java target/quarkus-app/quarkus-run.jar [accounts [rules [identities]]]}: by
 * default 10,000 accounts of 100 rules and 10 identities each. The server runs as a process of its own on loopback with 512
 * MiB of heap, and gets 1,000 requests a second for fresh tokens by 64 connections, each sent at its time if one of them is
 * free; a latency counts from the time at which the request was due. The collector is G1, as docs/benchmarks.md advises for
 * a policy of this size; {@code -Dgc=-XX:+UseSerialGC} takes the launcher's.
 */
public final class Scale {

    private static final String KEY = "scale-0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int RATE = 1000;
    private static final int SECONDS = 20;
    private static final int CALLERS = 64;
    private static final List<Integer> CHANGES_AT = List.of(2, 8, 14);

    private final int accounts;
    private final int rules;
    private final int identities;
    private final Path policy;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private int port;

    private Scale(int accounts, int rules, int identities, Path policy) {
        this.accounts = accounts;
        this.rules = rules;
        this.identities = identities;
        this.policy = policy;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("scale");
        try {
            new Scale(number(args, 1, 10_000), number(args, 2, 100), number(args, 3, 10), directory.resolve("policy.d"))
                    .run(Path.of(args[0]).toAbsolutePath(), directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static int number(String[] args, int at, int otherwise) {
        return args.length > at ? Integer.parseInt(args[at]) : otherwise;
    }

    private void run(Path jar, Path directory) throws Exception {
        generate();
        System.out.printf("%,d accounts, %,d rules, %,d identities%n", accounts, accounts * rules, accounts * identities);
        port = freePort();
        int management = freePort();
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        System.getProperty("gc", "-XX:+UseG1GC"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        jar.toString(),
                        "serve")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
        builder.environment().put("QUARKUS_PROFILE", "local");
        builder.environment().put("POSTERN_POLICY", policy.toString());
        long started = System.nanoTime();
        Process server = builder.start();
        try {
            awaitReady(server, management, output);
            System.out.printf("ready after %.1f s, CPU %.1f s; %s%n", since(started), cpu(server), loaded(output));
            phase("warm-up", server, false);
            Latencies quiet = phase("quiet", server, false);
            Latencies changing = phase("with changes", server, true);
            System.out.printf("p99 with changes / p99 quiet: %.2f%n", changing.at(0.99) / quiet.at(0.99));
        } catch (Exception | AssertionError e) {
            System.out.println(tail(output));
            throw e;
        } finally {
            server.destroy();
            server.waitFor(15, TimeUnit.SECONDS);
        }
    }

    // The policy

    private void generate() throws Exception {
        Files.createDirectories(policy);
        SplittableRandom random = new SplittableRandom(1);
        for (int account = 0; account < accounts; account++) {
            Files.writeString(file(account), text(account, random, true));
        }
    }

    private Path file(int account) {
        return policy.resolve("account-%05d.yaml".formatted(account));
    }

    private String text(int account, SplittableRandom random, boolean open) throws Exception {
        StringBuilder text = new StringBuilder("accounts:\n  account-" + account + ":\n    namespaces: [space-" + account
                + "]\n    network:\n      allow:\n        - { address: " + (open ? "127.0.0.0/8" : "192.0.2.0/24") + " }\n");
        for (int rule = 1; rule < rules; rule++) {
            int length = random.nextInt(16, 33);
            int bits = random.nextInt(0x0100_0000, 0x7f00_0000) & -1 << 32 - length;
            text.append("        - { address: %d.%d.%d.%d%s%s }%n"
                    .formatted(
                            bits >>> 24,
                            bits >>> 16 & 255,
                            bits >>> 8 & 255,
                            bits & 255,
                            length == 32 ? "" : "/" + length,
                            rule % 10 == 0 ? ", note: office of team " + rule : ""));
        }
        text.append("    service-ids:\n");
        for (int identity = 0; identity < identities; identity++) {
            String digest = identity == 0
                    ? HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest((KEY + account).getBytes(StandardCharsets.UTF_8)))
                    : "%016x%016x%016x%016x"
                            .formatted(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            text.append("      bot-%d:%n        api-keys:%n          - { id: k1, digest: \"sha-256:%s\" }%n"
                    .formatted(identity, digest));
        }
        return text.append("    bindings:\n      - { subjects: [service-id:bot-0], roles: [Writer] }\n")
                .toString();
    }

    // The requests

    private Latencies phase(String name, Process server, boolean changes) throws Exception {
        int count = RATE * SECONDS;
        long[] nanos = new long[count];
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        Thread changer = new Thread(this::change);
        double cpuBefore = cpu(server);
        long start = System.nanoTime();
        if (changes) {
            changer.start();
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Thread thread = new Thread(() -> call(start, next, nanos, failed));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        changer.join();
        Latencies latencies = new Latencies(nanos);
        System.out.printf(
                "%-12s %,d requests, %d failed; p50 %.2f ms, p99 %.2f ms, longest %.1f ms; CPU %.0f µs a request%n",
                name,
                count,
                failed.get(),
                latencies.at(0.5),
                latencies.at(0.99),
                latencies.at(1),
                (cpu(server) - cpuBefore) * 1e6 / count);
        return latencies;
    }

    /** Sends requests at their times, one after the other, by one connection, until there are no more. */
    private void call(long start, AtomicInteger next, long[] nanos, AtomicInteger failed) {
        try (Caller caller = new Caller(port)) {
            for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
                long due = start + i * (1_000_000_000L / RATE);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                // The last tenth of the accounts is what changes.
                if (caller.ask((int) (i * 7919L % (accounts - accounts / 10))) != 200) {
                    failed.incrementAndGet();
                }
                nanos[i] = System.nanoTime() - due;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change() {
        long start = System.nanoTime();
        try (Caller caller = new Caller(port)) {
            for (int at : CHANGES_AT) {
                TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(at) - System.nanoTime());
                int account = accounts - 1 - CHANGES_AT.indexOf(at);
                if (caller.ask(account) != 200) {
                    throw new AssertionError("account " + account + " is closed before its change");
                }
                Path next = policy.resolve("next");
                Files.writeString(next, text(account, new SplittableRandom(at), false));
                long changed = System.nanoTime();
                Files.move(next, file(account), StandardCopyOption.ATOMIC_MOVE);
                while (caller.ask(account) == 200) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                System.out.printf("             a change of account %d in force after %.2f s%n", account, since(changed));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection that is kept, and no more of a client than that: the server is what is measured. */
    private static final class Caller implements AutoCloseable {
        private final Socket socket;
        private final BufferedInputStream in;

        Caller(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        /** Asks for a token of this account; the status. */
        int ask(int account) throws IOException {
            String credentials = Base64.getEncoder()
                    .encodeToString(("iamapikey:" + KEY + account).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream()
                    .write(("GET /token?service=registry.localhost&scope=repository:space-" + account
                                    + "/app:pull,push HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic "
                                    + credentials + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            int status = Integer.parseInt(line().split(" ")[1]);
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            if (in.readNBytes(length).length < length) {
                throw new EOFException("the answer ends in its body");
            }
            return status;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the answer ends in its head");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void awaitReady(Process server, int management, Path output) throws Exception {
        URI ready = URI.create("http://127.0.0.1:" + management + "/q/health/ready");
        for (long start = System.nanoTime(); since(start) < 120; TimeUnit.MILLISECONDS.sleep(20)) {
            if (!server.isAlive()) {
                throw new AssertionError("the server has ended");
            }
            try {
                if (http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding()).statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException notYet) {
                continue;
            }
        }
        throw new AssertionError("the server is not ready after two minutes");
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

    private static double cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What the server says of its policy. */
    private static String loaded(Path output) throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.contains(" in force: "))
                .map(line -> line.substring(line.indexOf("policy ")))
                .findFirst()
                .orElse("");
    }

    private static String tail(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
