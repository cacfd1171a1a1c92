package dev.postern.door.registry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * An answer of the token service, ready to be sent. The body is JSON, and no cache is to keep it.
 *
 * @param status the HTTP status
 * @param headers those beside {@code Content-Type} and {@code Cache-Control}
 */
record Reply(int status, List<Header> headers, byte[] body) {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private static final Duration LINGER = Duration.ofSeconds(1);

    /** RFC 9113, section 8.1: what was answered before all of the request was there is no error. */
    private static final long NO_ERROR = 0;

    /** A header line. */
    record Header(CharSequence name, CharSequence value) {}

    /** The same with another header. */
    Reply with(Header header) {
        return new Reply(
                status, Stream.concat(headers.stream(), Stream.of(header)).toList(), body);
    }

    /**
     * Answers a request of which not all was read, and ends its connection, for what is yet to come may never end. What comes
     * within a second is dropped before that: a connection that is closed with something unread loses the answer, too.
     */
    void sendAndClose(Vertx vertx, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        boolean stream = request.version() == HttpVersion.HTTP_2;
        if (!stream) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        request.handler(dropped -> {});
        request.resume();
        var unused = send(response)
                .onComplete(sent -> vertx.setTimer(LINGER.toMillis(), over -> {
                    if (stream) {
                        response.reset(NO_ERROR);
                    } else {
                        var closed = request.connection().close();
                    }
                }));
    }

    /** Sends it, and ends the response. */
    Future<Void> send(HttpServerResponse response) {
        response.setStatusCode(status);
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        for (Header header : headers) {
            response.putHeader(header.name(), header.value());
        }
        return response.end(Buffer.buffer(body));
    }
}
