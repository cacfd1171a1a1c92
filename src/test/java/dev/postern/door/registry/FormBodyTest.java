package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Forms;
import dev.postern.testing.RawHttp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies byte by byte, to a server that says what was read of each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormBodyTest {

    private static final int LARGEST = 64 * 1024;
    private static final Duration LONGEST = Duration.ofMillis(300);

    private final Vertx vertx = Vertx.vertx();
    private URI server = URI.create("http://localhost");

    @BeforeAll
    void start() throws Exception {
        HttpServer http = vertx.createHttpServer().requestHandler(request -> {
            request.pause();
            var unused = FormBody.read(vertx, request, LONGEST).thenAccept(outcome -> {
                switch (outcome) {
                    case FormBody.Read read ->
                        request.response().end("read " + read.text().length());
                    case FormBody.Unread unread -> Refusals.of(unread.error()).sendAndClose(vertx, request);
                }
            });
        });
        int port = http.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        server = URI.create("http://127.0.0.1:" + port);
    }

    @AfterAll
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded, 200",
        "APPLICATION/X-WWW-Form-urlencoded, 200",
        "application/x-www-form-urlencoded; charset=UTF-8, 200",
        "application/x-www-form-urlencoded ;charset=UTF-8, 200",
        "application/x-www-form-urlencoded2, 415",
        "application/x-www-form, 415",
        "application/json, 415",
        "text/plain; application/x-www-form-urlencoded, 415",
        "'application/json, application/x-www-form-urlencoded', 415",
    })
    void theTypeIsThatOfAForm(String type, int status) {
        assertThat(post("Content-Type: " + type + "\r\nContent-Length: 3\r\n", "a=b")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void aTypeThatStandsTwiceIsNone() {
        assertThat(post(
                                "Content-Type: " + Forms.TYPE + "\r\nContent-Type: " + Forms.TYPE
                                        + "\r\nContent-Length: 3\r\n",
                                "a=b")
                        .status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "65536, 200", "65537, 413", "1000000, 413"})
    void itsLengthIsBounded(int length, int status) {
        assertThat(post(length, "x".repeat(length)).status()).isEqualTo(status);
    }

    @Test
    void aLengthBeyondTheBoundIsEnough() {
        assertThat(post(LARGEST + 1, "x").status()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "16, 200", "17, 413", "100, 413"})
    void whatComesInPartsIsBoundedInAll(int parts, int status) {
        // Given
        String part = "1000\r\n" + "x".repeat(0x1000) + "\r\n";

        // When, Then
        assertThat(post(
                                "Content-Type: " + Forms.TYPE + "\r\nTransfer-Encoding: chunked\r\n",
                                part.repeat(parts) + "0\r\n\r\n")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void whoTakesTooLongIsToldAndLeft() {
        // When: of a hundred bytes, three are sent
        RawHttp.Answer answer = post(100, "a=b");

        // Then
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body()).contains("within 300 ms");
    }

    private RawHttp.Answer post(int length, String body) {
        return post("Content-Type: " + Forms.TYPE + "\r\nContent-Length: " + length + "\r\n", body);
    }

    private RawHttp.Answer post(String lines, String body) {
        return RawHttp.exchange(
                server, "POST /token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + lines + "\r\n" + body);
    }
}
