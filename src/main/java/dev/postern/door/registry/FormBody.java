package dev.postern.door.registry;

import dev.postern.distribution.OciError;
import io.netty.util.AsciiString;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The body of a request, as the text of a form: of no other type, of no more bytes, and sent in no more time than clients need. */
final class FormBody {

    /** More than the longest token that is taken as a password, with its letters escaped. In bytes. */
    private static final int LARGEST = 64 * 1024;

    private static final String TYPE = "application/x-www-form-urlencoded";

    private FormBody() {}

    /** What became of reading one. */
    sealed interface Outcome {}

    /** It was read. */
    record Read(String text) implements Outcome {}

    /** It was not, or not to its end. */
    record Unread(OciError error) implements Outcome {}

    /**
     * Reads the body; there is always an outcome, but where the caller has gone before its end.
     *
     * @param longest how long the caller may take to send it
     */
    static CompletableFuture<Outcome> read(Vertx vertx, HttpServerRequest request, Duration longest) {
        Optional<OciError> wrong = wrongHead(request);
        if (wrong.isPresent()) {
            return CompletableFuture.completedFuture(new Unread(wrong.get()));
        }
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                longest.toMillis(),
                late -> outcome.complete(new Unread(new OciError(
                        408, "UNSUPPORTED", "the form was not there within " + longest.toMillis() + " ms"))));
        request.handler(part -> {
            if (body.length() + part.length() > LARGEST) {
                outcome.complete(new Unread(tooLarge()));
            } else if (!outcome.isDone()) {
                body.appendBuffer(part);
            }
        });
        request.endHandler(end -> outcome.complete(new Read(body.toString(StandardCharsets.UTF_8))));
        request.exceptionHandler(gone -> vertx.cancelTimer(timer));
        request.resume();
        return outcome.whenComplete((read, failure) -> vertx.cancelTimer(timer));
    }

    private static Optional<OciError> wrongHead(HttpServerRequest request) {
        List<String> types = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (types.size() != 1 || !isForm(types.getFirst())) {
            return Optional.of(new OciError(415, "UNSUPPORTED", "expected a form: " + TYPE));
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // The HTTP layer has seen that it is a number.
        return length != null && (length.length() > 9 || Long.parseLong(length) > LARGEST)
                ? Optional.of(tooLarge())
                : Optional.empty();
    }

    private static OciError tooLarge() {
        return new OciError(413, "UNSUPPORTED", "the form is too large: at most " + LARGEST / 1024 + " KiB");
    }

    /** The media type, whatever its parameters (RFC 9110, section 8.3.1). */
    private static boolean isForm(String type) {
        int end = type.indexOf(';');
        return AsciiString.contentEqualsIgnoreCase((end < 0 ? type : type.substring(0, end)).strip(), TYPE);
    }
}
