package dev.postern.identity.oidc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** The body of an answer, in memory and no longer than it may be. */
final class WholeBody {

    private WholeBody() {}

    /** There is more than the bound. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("too long", null, false, false);
        }
    }

    /** Its bytes; of what is longer, the rest is not read. */
    static Future<byte[]> of(HttpClientResponse response, int most) {
        Promise<byte[]> whole = Promise.promise();
        Buffer sofar = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(chunk -> {
            if (sofar.length() + chunk.length() > most) {
                whole.tryFail(new TooLong());
                response.request().reset();
            } else {
                sofar.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> whole.tryComplete(sofar.getBytes()));
        return whole.future();
    }
}
