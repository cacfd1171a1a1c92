package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real OpenID Connect provider as a process of its own, at {@code https://localhost:PORT}. */
final class OidcProvider implements AutoCloseable {

    private static final int UNAVAILABLE = 69;

    private final Path directory;
    private final int port = PosternProcess.freePort();
    private final List<String> more;
    private Optional<Process> process = Optional.empty();

    /**
     * A provider, not started yet.
     *
     * @param directory where its certificate and key are put: {@code cert.pem}, {@code key.pem}
     * @param more what it is told besides
     */
    OidcProvider(Path directory, String... more) throws IOException, InterruptedException {
        this.directory = directory;
        this.more = List.of(more);
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        directory.resolve("key.pem").toString(),
                        "-out",
                        certificate().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
    }

    /**
     * Why it cannot be run here; empty where it can. That tests are left out for it is noted, and {@code ./check} says so; with
     * {@code CI=true} it is a failure.
     */
    static Optional<String> lacking() throws IOException, InterruptedException {
        Process check =
                new ProcessBuilder(script(), "check").redirectErrorStream(true).start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = check.waitFor();
        if (code == UNAVAILABLE && !"true".equals(System.getenv("CI"))) {
            Files.writeString(
                    base().resolve("target/left-out.txt"),
                    "tests with a real OpenID Connect provider: " + said + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return Optional.of(said);
        }
        assertThat(code).as(said).isZero();
        return Optional.empty();
    }

    private static String script() {
        return base().resolve("src/test/oidc/issuer").toString();
    }

    private static Path base() {
        return Path.of(System.getProperty("postern.basedir", "")).toAbsolutePath();
    }

    String url() {
        return "https://localhost:" + port;
    }

    Path certificate() {
        return directory.resolve("cert.pem");
    }

    void start() throws IOException, InterruptedException {
        Path output = directory.resolve("issuer.txt");
        List<String> command = new ArrayList<>(List.of(
                script(),
                "run",
                String.valueOf(port),
                certificate().toString(),
                directory.resolve("key.pem").toString()));
        command.addAll(more);
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process = Optional.of(started);
        Instant deadline = Instant.now().plusSeconds(60);
        while (!Files.readString(output).contains("issuer at")) {
            assertThat(started.isAlive() && Instant.now().isBefore(deadline))
                    .as(Files.readString(output))
                    .isTrue();
            Thread.sleep(50);
        }
    }

    /** Ends it, so that it can be started again. */
    @Override
    public void close() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy();
            assertThat(process.get().waitFor(10, TimeUnit.SECONDS)).isTrue();
            process = Optional.empty();
        }
    }
}
