package dev.postern.serve;

import dev.postern.testing.FreePort;
import dev.postern.testing.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged artifact as a process of its own. */
final class PosternProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Process process;
    private final Path output;
    private final Kept kept;

    private PosternProcess(Process process, Path output, Kept kept) {
        this.process = process;
        this.output = output;
        this.kept = kept;
    }

    /** Starts a command in a directory; its output, both streams, goes to a file there. */
    static PosternProcess start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(Packaged.command(arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("POSTERN_") || name.startsWith("QUARKUS_"));
        builder.environment().putAll(environment);
        return new PosternProcess(builder.start(), output, new Kept(directory, environment));
    }

    /** Two free ports of loopback, as the environment that makes the server use them. */
    static Map<String, String> freePorts() {
        return Map.of(
                "QUARKUS_HTTP_PORT", String.valueOf(freePort()),
                "QUARKUS_MANAGEMENT_PORT", String.valueOf(freePort()));
    }

    static int freePort() {
        return FreePort.next();
    }

    /** Waits until the output holds the text; fails when the process ends or the time is over before. */
    String awaitOutput(String text) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(START);
        while (true) {
            String soFar = output();
            if (soFar.contains(text)) {
                return soFar;
            }
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new AssertionError("'" + text + "' did not come; the output was:\n" + soFar);
            }
            Thread.sleep(50);
        }
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** The exit code, once the process has ended by itself. */
    int awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process goes on; the output was:\n" + output());
        }
        return process.exitValue();
    }

    /** Its number. */
    long pid() {
        return process.pid();
    }

    /** Asks it to end: SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Ends it without a word: {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kept.metrics();
        }
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        kept.output(output);
    }
}
