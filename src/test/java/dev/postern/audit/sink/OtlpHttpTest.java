package dev.postern.audit.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A collector that takes records, some of them, none, or nothing for now. */
class OtlpHttpTest {

    private final List<String> bodies = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private HttpServer collector;
    private volatile int status = 200;
    private volatile String answer = "{}";

    @TempDir
    Path directory;

    @BeforeEach
    void begin() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/logs", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void end() {
        collector.stop(0);
    }

    @Test
    void linesAreTheRecordsOfOneRequest() throws Exception {
        // When
        Taken taken = taken(sink(Optional.empty()), "{\"a\":1}\n{\"b\":2}\n");
        // Then
        assertThat(taken).isEqualTo(Taken.ALL);
        JsonNode body = new ObjectMapper().readTree(bodies.getFirst());
        assertThat(body.at("/resourceLogs/0/scopeLogs/0/logRecords")).hasToString("[{\"a\":1},{\"b\":2}]");
        assertThat(body.at("/resourceLogs/0/resource/attributes/0/key").textValue())
                .isEqualTo("service.name");
        assertThat(tokens).containsExactly("null");
    }

    @Test
    void theTokenIsReadEachTime() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), "first\n");
        OtlpHttp sink = sink(Optional.of(file));
        // When
        taken(sink, "{}\n");
        Files.writeString(file, "second\n");
        taken(sink, "{}\n");
        // Then
        assertThat(tokens).containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void aTokenThatNoHeaderCanHaveIsNotInTheMessage() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), "sec\nret");
        // When
        Taken taken = taken(sink(Optional.of(file)), "{}\n");
        // Then
        assertThat(taken).isInstanceOf(Taken.Later.class);
        assertThat(taken.toString()).doesNotContain("sec", "ret");
    }

    @ParameterizedTest
    @CsvSource({
        "429, true",
        "502, true",
        "503, true",
        "504, true",
        "400, false",
        "401, false",
        "404, false",
        "500, false"
    })
    void whatTheCollectorMayTakeLaterIsTriedAgainAndNothingElse(int code, boolean later) {
        // Given
        status = code;
        // When
        Taken taken = taken(sink(Optional.empty()), "{}\n");
        // Then
        assertThat(taken).isInstanceOf(later ? Taken.Later.class : Taken.Never.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"no\"}} | 2",
                "{\"partialSuccess\":{\"rejectedLogRecords\":2}} | 2",
                "{\"partialSuccess\":{}} | 0",
                "{\"partialSuccess\":{\"rejectedLogRecords\":\"-5\"}} | 0",
                "taken, thank you | 0",
                "'' | 0"
            })
    void whatItSaysThatItDidNotTakeIsCounted(String said, int lost) {
        // Given
        answer = said;
        // When
        Taken taken = taken(sink(Optional.empty()), "{}\n{}\n{}\n");
        // Then
        assertThat(taken).isEqualTo(new Taken.Kept(lost));
    }

    @Test
    void aCollectorThatIsGoneIsTriedLater() {
        // Given
        OtlpHttp sink = sink(Optional.empty());
        collector.stop(0);
        // When
        Taken taken = taken(sink, "{}\n");
        // Then
        assertThat(taken).isInstanceOf(Taken.Later.class);
    }

    private OtlpHttp sink(Optional<Path> token) {
        return new OtlpHttp(
                OtlpHttp.Signal.LOGS,
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/logs"),
                Duration.ofSeconds(10),
                token,
                Optional.empty(),
                "postern",
                "1");
    }

    private static Taken taken(OtlpHttp sink, String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
        return sink.write(bytes, bytes.length);
    }
}
