import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the AOT cache of a package: runs its server, has it give tokens and answer Envoy's calls for some seconds, and stops it.
 * {@code ./mvnw -Paot} runs it as {@code src/aot/train DIRECTORY}; the cache is {@code app.aot} beside the jar, and {@code
 * app.aot.release} says of which JDK.
 *
 * <p>Needs a JDK 25 or later, the one that is to run the server. What the server is asked is what it is asked in earnest, refusals
 * and mistakes included: the JDK learns which classes are needed and which code is hot.
 */
final class Train {

    private static final String KEY = "training-key-0123456789abcdefghijklmnopqrstu";
    private static final int SECONDS = Integer.getInteger("train.seconds", 10);
    private static final int LEAST = 2000;
    /** The Java that runs the server: the cache is for it. */
    private static final Path JAVA_HOME =
            Path.of(System.getProperty("train.java.home", System.getProperty("java.home")));

    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path app;
    private final Path work;
    private final int port = freePort();
    private final int management = freePort();
    private int asked;

    private Train(Path app, Path work) {
        this.app = app;
        this.work = work;
    }

    public static void main(String... args) throws Exception {
        if (Runtime.version().feature() < 25) {
            System.err.println("train: an AOT cache needs a JDK 25 or later; this is " + Runtime.version());
            System.exit(69);
        }
        Path work = Files.createTempDirectory("postern-train");
        try {
            new Train(Path.of(args[0]).toAbsolutePath(), work).run();
        } finally {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run() throws Exception {
        Path cache = app.resolve("app.aot");
        Path release = app.resolve("app.aot.release");
        Files.deleteIfExists(cache);
        Files.deleteIfExists(release);
        Files.writeString(work.resolve("policy.yaml"), policy());
        Path output = work.resolve("output.txt");
        Process server = new ProcessBuilder(command(cache))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            exercise(server);
        } catch (Exception | Error e) {
            server.destroyForcibly().waitFor();
            System.err.println("train: " + e + "; the server said:\n" + Files.readString(output));
            System.exit(1);
        }
        server.destroy();
        // The cache is written when the server ends.
        if (!server.waitFor(5, TimeUnit.MINUTES) || !Files.exists(cache)) {
            server.destroyForcibly();
            System.err.println("train: no cache was written; the server said:\n" + Files.readString(output));
            System.exit(1);
        }
        Files.copy(JAVA_HOME.resolve("release"), release, StandardCopyOption.REPLACE_EXISTING);
        System.out.printf("%s: %d MB, after %d requests%n", cache, Files.size(cache) / 1_000_000, asked);
    }

    private List<String> command(Path cache) {
        return List.of(
                JAVA_HOME.resolve("bin").resolve("java").toString(),
                "-XX:AOTCacheOutput=" + cache,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xss512k",
                "-XX:MaxRAMPercentage=50",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + management,
                "-Dpostern.policy=" + work.resolve("policy.yaml"),
                "-Dpostern.data=" + work.resolve("data"),
                "-Dpostern.envoy.enabled=true",
                "-Dpostern.forward.enabled=true",
                "-Dpostern.registry.realm=http://localhost:" + port + "/token",
                "-Dpostern.throttle.failures-per-source=1000000",
                "-Dpostern.throttle.failures-per-subject=1000000",
                "-jar",
                app.resolve("quarkus-run.jar").toString(),
                "serve",
                "--profile",
                "local");
    }

    private static String policy() throws Exception {
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8)));
        return """
                zones:
                  here: { addresses: [127.0.0.0/8, "::1"], except: [127.0.0.66] }
                accounts:
                  acme:
                    namespaces: [acme]
                    network: { allow: [{ zone: here }, { address: 192.0.2.0/24 }] }
                    service-ids:
                      bot: { api-keys: [{ id: k1, digest: "sha-256:%s" }] }
                    users:
                      alice: { password: "$2y$10$abcdefghijklmnopqrstuu5rhE8xjcfdvrsFKo7VUotU4ZZ7fEC/O" }
                    bindings:
                      - { subjects: [service-id:bot, user:alice], roles: [Writer], namespace: acme }
                  far:
                    namespaces: [far]
                    network: { allow: [{ address: 203.0.113.0/24 }] }
                    bindings:
                      - { subjects: ["service-id:acme/bot"], roles: [Reader] }
                """
                .formatted(digest);
    }

    private void exercise(Process server) throws Exception {
        String ask = "/token?service=registry.localhost&scope=repository:acme/app:pull,push";
        awaitStart(server, ask);
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        AuthorizationGrpc.AuthorizationBlockingStub envoy = AuthorizationGrpc.newBlockingStub(channel);
        long begun = System.nanoTime();
        int round = 0;
        // On a busy machine for longer: what was hardly run is not known to be hot.
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(SECONDS)
                || (asked < LEAST && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(9L * SECONDS))) {
            String token = token(get(port, ask + "&account=r" + round, "iamapikey:" + KEY, 200));
            for (int i = 0; i < 20; i++) {
                get(port, ask + "," + "x".repeat(i), "iamapikey:" + KEY, 200);
            }
            require(check(envoy, "/v2/acme/app/manifests/latest", token), 0);
            require(check(envoy, "/v2/acme/app/blobs/sha256:" + "0".repeat(64), token), 0);
            require(check(envoy, "/v2/far/app/manifests/latest", token), -1);
            require(check(envoy, "/v2/", null), -1);
            get(port, "/token?service=registry.localhost&scope=repository:far/app:pull", "iamapikey:" + KEY, 403);
            get(port, "/token?service=registry.localhost", "alice:bench-password", 200);
            if (round % 20 == 0) {
                get(port, ask, "iamapikey:wrong", 401);
                get(port, "/token?service=registry.localhost&scope=nonsense", "iamapikey:" + KEY, 400);
                get(port, "/token?service=registry.localhost&offline_token=true", "iamapikey:" + KEY, 200);
                get(port, "/jwks.json", null, 200);
                get(port, "/whoami", null, 200);
                get(management, "/q/health", null, 200);
                get(management, "/q/metrics", null, 200);
            }
            round++;
        }
        channel.shutdownNow();
    }

    private void awaitStart(Process server, String ask) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (true) {
            try {
                get(port, ask, "iamapikey:" + KEY, 200);
                return;
            } catch (IOException notYet) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IOException("the server did not start", notYet);
                }
                Thread.sleep(100);
            }
        }
    }

    private String get(int at, String path, String userAndSecret, int status) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                .version(HttpClient.Version.HTTP_1_1);
        if (userAndSecret != null) {
            byte[] bytes = userAndSecret.getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != status) {
            throw new IllegalStateException(
                    path + " was answered with " + response.statusCode() + ", not " + status + ": " + response.body());
        }
        asked++;
        return response.body();
    }

    private static String token(String body) {
        Matcher matcher = TOKEN.matcher(body);
        if (!matcher.find()) {
            throw new IllegalStateException("there is no token in an answer");
        }
        return matcher.group(1);
    }

    private CheckResponse check(AuthorizationGrpc.AuthorizationBlockingStub envoy, String path, String token) {
        AttributeContext.HttpRequest.Builder request = AttributeContext.HttpRequest.newBuilder()
                .setId("1")
                .setMethod("GET")
                .setPath(path)
                .setHost("registry.example.com")
                .setProtocol("HTTP/1.1")
                .putHeaders(":authority", "registry.example.com")
                .putHeaders(":method", "GET")
                .putHeaders(":path", path)
                .putHeaders("user-agent", "training");
        if (token != null) {
            request.putHeaders("authorization", "Bearer " + token);
        }
        Address from = Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress("192.0.2.7").setPortValue(40001))
                .build();
        asked++;
        return envoy.withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(CheckRequest.newBuilder()
                        .setAttributes(AttributeContext.newBuilder()
                                .setSource(AttributeContext.Peer.newBuilder().setAddress(from))
                                .setRequest(AttributeContext.Request.newBuilder().setHttp(request)))
                        .build());
    }

    private static void require(CheckResponse response, int code) {
        if ((response.getStatus().getCode() == 0) != (code == 0)) {
            throw new IllegalStateException("Envoy was answered with " + response);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
