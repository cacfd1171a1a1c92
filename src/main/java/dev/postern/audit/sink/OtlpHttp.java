package dev.postern.audit.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * A collector of OpenTelemetry, by OTLP over HTTP in JSON. Each line is a log record, or a span. What the collector says may be tried again is; what
 * it refuses is lost (OTLP specification, <em>OTLP/HTTP Response</em>).
 */
public final class OtlpHttp implements Sink {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);
    private static final int MOST_OF_AN_ANSWER = 64 * 1024;
    private static final int MOST_OF_A_TOKEN = 16 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** What is sent, and how the protocol calls it. */
    public enum Signal {
        /** Log records. */
        LOGS("resourceLogs", "scopeLogs", "logRecords", "rejectedLogRecords"),
        /** Spans. */
        TRACES("resourceSpans", "scopeSpans", "spans", "rejectedSpans");

        private final String ofResource;
        private final String ofScope;
        private final String each;
        private final String rejected;

        Signal(String ofResource, String ofScope, String each, String rejected) {
            this.ofResource = ofResource;
            this.ofScope = ofScope;
            this.each = each;
            this.rejected = rejected;
        }
    }

    private static final byte[] END = "]}]}]}".getBytes(StandardCharsets.US_ASCII);

    private final Signal signal;
    private final URI url;
    private final Duration timeout;
    private final Optional<Path> bearerToken;
    private final HttpClient client;
    private final byte[] begin;

    /**
     * The collector at this URL, {@code /v1/logs} or {@code /v1/traces} included.
     *
     * @param signal what each line is
     * @param timeout of a whole exchange
     * @param bearerToken the file with a token for it, read before each
     * @param trust whose certificate it may have; empty for the JDK's authorities
     * @param service the name of the service, for the resource
     * @param version its version
     */
    public OtlpHttp(
            Signal signal,
            URI url,
            Duration timeout,
            Optional<Path> bearerToken,
            Optional<SSLContext> trust,
            String service,
            String version) {
        this.signal = signal;
        this.url = url;
        this.timeout = timeout;
        this.bearerToken = bearerToken;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER);
        trust.ifPresent(builder::sslContext);
        this.client = builder.build();
        this.begin = ("{\"" + signal.ofResource + "\":[{\"resource\":{\"attributes\":["
                        + "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"" + plain(service) + "\"}},"
                        + "{\"key\":\"service.version\",\"value\":{\"stringValue\":\"" + plain(version) + "\"}}]},"
                        + "\"" + signal.ofScope + "\":[{\"scope\":{\"name\":\"dev.postern\"},\"" + signal.each + "\":[")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    @Override
    public Taken write(byte[] lines, int length) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .timeout(timeout)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(lines, length)));
            if (bearerToken.isPresent()) {
                request.header("Authorization", "Bearer " + token(bearerToken.get()));
            }
            HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                return taken(answer.statusCode(), in.readNBytes(MOST_OF_AN_ANSWER));
            }
        } catch (IOException e) {
            return later(e.getClass().getSimpleName());
        } catch (IllegalArgumentException unfit) {
            // The message would have the token's text.
            return later("the bearer token is not one that a header can have");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return later("interrupted");
        }
    }

    private Taken later(String why) {
        return new Taken.Later("the collector at " + url.getHost() + ": " + why);
    }

    private byte[] body(byte[] lines, int length) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(begin.length + length + END.length);
        body.writeBytes(begin);
        Frames.each(lines, length, (batch, from, size) -> {
            if (from > 0) {
                body.write(',');
            }
            body.write(batch, from, size);
        });
        body.writeBytes(END);
        return body.toByteArray();
    }

    private static String token(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OF_A_TOKEN), StandardCharsets.UTF_8).strip();
        }
    }

    private Taken taken(int status, byte[] answer) {
        if (status / 100 == 2) {
            return new Taken.Kept(rejected(answer, signal));
        }
        String why = "the collector at " + url.getHost() + " answers " + status;
        return RETRYABLE.contains(status) ? new Taken.Later(why) : new Taken.Never(why);
    }

    /** How many records a collector says that it did not take, of an answer that it gives to all of them. */
    private static int rejected(byte[] answer, Signal signal) {
        try (JsonParser in = JSON.createParser(answer)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.FIELD_NAME && in.currentName().equals(signal.rejected)) {
                    in.nextToken();
                    return Math.clamp(in.getValueAsLong(), 0, Integer.MAX_VALUE);
                }
            }
        } catch (IOException e) {
            // Collectors answer with nothing, or in another form, and have taken it.
            return 0;
        }
        return 0;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
