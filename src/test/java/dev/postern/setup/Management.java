package dev.postern.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What the management port of a test's server says. */
record Management(URI server) {

    /** The answer of a readiness check: its status, and its data. Readiness as a whole is up, or there is none. */
    JsonNode ready(String check) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    server.resolve("/q/health/ready").toURL().openConnection();
            try (InputStream in = connection.getInputStream()) {
                for (JsonNode each : new ObjectMapper().readTree(in).path("checks")) {
                    if (each.path("name").asText().equals(check)) {
                        return each;
                    }
                }
            }
            throw new AssertionError("there is no check " + check);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line of the metric that begins so, without that. */
    String metric(String begin) {
        try (InputStream in = server.resolve("/q/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(begin))
                    .map(line -> line.substring(begin.length()).strip())
                    .findFirst()
                    .orElse("none");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of metrics that are asked for with this token. */
    int metricsStatus(String token) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) server.resolve("/q/metrics").toURL().openConnection();
            connection.setRequestProperty("Authorization", "Bearer " + token);
            return connection.getResponseCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it is so; files are looked at each second. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it takes too long");
            }
            Thread.sleep(50);
        }
    }
}
