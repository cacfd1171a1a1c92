package dev.postern.serve;

import dev.postern.testing.secrets.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a process of Postern wrote, kept below {@code target/it-output} when the directory of its test is gone: its output, its audit
 * files and its metrics, for the search for secrets that follows the tests.
 *
 * @param directory where the process runs
 * @param environment what it was given
 */
record Kept(Path directory, Map<String, String> environment) {

    private static final long LARGEST = 64L * 1024 * 1024;
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Asks for the metrics, where they are served without TLS. */
    void metrics() throws InterruptedException {
        String port = environment.get("QUARKUS_MANAGEMENT_PORT");
        if (port == null) {
            return;
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/q/metrics"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            Files.writeString(
                    fresh("metrics.txt"),
                    client.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            // A server that is on its way down, or hangs on purpose, has none.
        }
    }

    /** Keeps this file and the audit files beside it, and makes the private keys known that the process made. */
    void output(Path output) {
        keep(output);
        try {
            for (Path file : Secrets.filesBelow(directory)) {
                if (file.getFileName().toString().matches(".*[.]jsonl([.][0-9]+)?([.]gz)?")) {
                    keep(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Secrets.keysBelow(directory);
    }

    private static void keep(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                Files.copy(file, fresh(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (NoSuchFileException e) {
            // A server has just put it aside.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fresh(String name) throws IOException {
        Path directory = Path.of(System.getProperty("postern.basedir", "")).resolve("target/it-output");
        return Files.createDirectories(directory).resolve(COUNT.incrementAndGet() + "-" + name);
    }
}
