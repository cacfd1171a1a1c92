package dev.postern.replicas;

import dev.postern.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Redis on a port of loopback, which keeps nothing when it ends. */
public final class RedisServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private Process process;

    private RedisServer(Path directory, int port) throws IOException, InterruptedException {
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    /** Starts one. */
    public static RedisServer start(Path directory) throws IOException, InterruptedException {
        return new RedisServer(directory, FreePort.next());
    }

    private Process launch() throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "redis", ".log");
        Process started = new ProcessBuilder(List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        directory.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Instant end = Instant.now().plus(START);
        while (!answers()) {
            if (!started.isAlive() || Instant.now().isAfter(end)) {
                started.destroyForcibly();
                throw new AssertionError("Redis did not start:\n" + Files.readString(log));
            }
            Thread.sleep(20);
        }
        return started;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Its URL. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it at once, as a crash does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** Starts it again, at the same port, with nothing in it. */
    public void startAgain() throws IOException, InterruptedException {
        process = launch();
    }

    /** Stops it where it is: connections stay open, and nothing is answered. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Has it go on. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor()
                != 0) {
            throw new AssertionError("Redis could not be sent " + name);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
