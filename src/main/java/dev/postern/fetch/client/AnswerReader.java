package dev.postern.fetch.client;

import dev.postern.fetch.Validators;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** Reads one answer of a publisher into a file, or says why not. Nothing is read of an answer that is of no use. */
final class AnswerReader {

    private final Vertx vertx;
    private final long most;
    private final InstantSource clock;

    /** What an answer is. */
    sealed interface Answer {}

    /** It says what there is to say. */
    record Complete(Fetched fetched) implements Answer {}

    /** It names another place. */
    record Elsewhere(String location) implements Answer {}

    AnswerReader(Vertx vertx, long most, InstantSource clock) {
        this.vertx = vertx;
        this.most = most;
        this.clock = clock;
    }

    /**
     * Reads an answer.
     *
     * @param conditional whether the request let the publisher answer that nothing has changed
     */
    Future<Answer> read(HttpClientRequest request, HttpClientResponse answer, boolean conditional, Path into) {
        // What is reset here fails there, and Vert.x would log what nobody handles.
        answer.exceptionHandler(reset -> {});
        int status = answer.statusCode();
        if (status == 304 && conditional) {
            return Future.succeededFuture(new Complete(new Fetched.Unchanged()));
        }
        String location = answer.getHeader("location");
        if (status >= 301 && status <= 308 && status != 304 && location != null) {
            request.reset();
            return Future.succeededFuture(new Elsewhere(location));
        }
        Optional<String> objection = objection(answer);
        if (objection.isPresent()) {
            request.reset();
            return Future.succeededFuture(new Complete(new Fetched.Failed(objection.get())));
        }
        Promise<Void> done = Promise.promise();
        // At once: the connection may break before there is a file.
        answer.exceptionHandler(done::tryFail);
        answer.pause();
        return vertx.fileSystem()
                .open(into.toString(), new OpenOptions().setRead(false).setTruncateExisting(true))
                .compose(file -> copied(request, answer, file, done).eventually(() -> file.close()))
                .map(whole -> new Complete(new Fetched.Body(into, isGzip(answer), validators(answer), clock.instant())))
                .map(Answer.class::cast)
                .recover(failure -> failure instanceof TooLarge
                        ? Future.succeededFuture(new Complete(new Fetched.Failed(tooLarge())))
                        : Future.failedFuture(failure));
    }

    private Optional<String> objection(HttpClientResponse answer) {
        if (answer.statusCode() != 200) {
            return Optional.of("answered with status " + answer.statusCode());
        }
        String length = answer.getHeader("content-length");
        String transfer = answer.getHeader("transfer-encoding");
        if (length == null && transfer == null) {
            return Optional.of(
                    "answered without Content-Length and not in chunks: whether the answer is whole cannot be told");
        }
        if (length != null && (!length.matches("\\d{1,18}") || Long.parseLong(length) > most)) {
            return Optional.of(tooLarge());
        }
        String encoding = header(answer, "content-encoding");
        if (!encoding.isEmpty() && !encoding.equals("identity") && !isGzip(answer)) {
            return Optional.of("answered with a Content-Encoding other than gzip");
        }
        String type = header(answer, "content-type");
        if (type.startsWith("text/html") || type.startsWith("application/xhtml")) {
            return Optional.of("answered with a page for people (" + type.split(";", 2)[0] + ")");
        }
        return Optional.empty();
    }

    private String tooLarge() {
        return "answered with more than " + most + " bytes";
    }

    private static boolean isGzip(HttpClientResponse answer) {
        String encoding = header(answer, "content-encoding");
        return encoding.equals("gzip") || encoding.equals("x-gzip");
    }

    private static Validators validators(HttpClientResponse answer) {
        return new Validators(
                Optional.ofNullable(answer.getHeader("etag")), Optional.ofNullable(answer.getHeader("last-modified")));
    }

    private static String header(HttpClientResponse answer, String name) {
        String value = answer.getHeader(name);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }

    /** There is more than the limit. */
    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private Future<Void> copied(
            HttpClientRequest request, HttpClientResponse answer, AsyncFile file, Promise<Void> done) {
        long[] total = {0};
        file.exceptionHandler(done::tryFail);
        answer.handler(chunk -> {
            if (done.future().isComplete()) {
                // It failed, for the time is over, say, and the file is closed: what still comes is of no use.
                return;
            }
            total[0] += chunk.length();
            if (total[0] > most) {
                done.tryFail(new TooLarge());
                request.reset();
                return;
            }
            file.write(chunk).onFailure(done::tryFail);
            if (file.writeQueueFull()) {
                answer.pause();
                file.drainHandler(drained -> answer.resume());
            }
        });
        answer.endHandler(end -> done.tryComplete());
        answer.resume();
        return done.future();
    }
}
