package dev.postern.door.registry;

import dev.postern.decision.Decision;
import dev.postern.distribution.OciError;
import dev.postern.identity.Authentication;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Refusals as answers of the token service. */
final class Refusals {

    private static final CharSequence DECISION = HttpHeaders.createOptimized(OciError.DECISION_HEADER);
    private static final Reply.Header BASIC = new Reply.Header(
            HttpHeaders.createOptimized("WWW-Authenticate"), "Basic realm=\"postern\", charset=\"UTF-8\"");

    private Refusals() {}

    /** The answer where we have made a mistake of our own. */
    static Reply mistake() {
        return of(new OciError(500, "UNKNOWN", "the request could not be answered"));
    }

    /** The answer to a request on which nothing was decided. */
    static Reply of(OciError error) {
        return reply(error, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The answer to a refused request.
     *
     * @param reasons the URL of the page on refusals, where callers are sent to it
     */
    static Reply of(
            Decision.Refused refused, Authentication authentication, String decisionId, Optional<String> reasons) {
        OciError error = OciError.of(refused.reason(), refused.message());
        Optional<Duration> delay = authentication instanceof Authentication.Throttled throttled
                ? Optional.of(throttled.retryAfter())
                : Optional.empty();
        return reply(error, Optional.of(decisionId), delay, reasons);
    }

    /**
     * The answer, with the headers that its status asks for.
     *
     * @param delay how long to wait before asking again, where that is known
     */
    private static Reply reply(
            OciError error, Optional<String> decisionId, Optional<Duration> delay, Optional<String> reasons) {
        List<Reply.Header> headers = new ArrayList<>(3);
        decisionId.ifPresent(id -> headers.add(new Reply.Header(DECISION, id)));
        if (error.status() == 401) {
            headers.add(BASIC);
        }
        error.retryAfter(delay)
                .ifPresent(seconds -> headers.add(new Reply.Header(HttpHeaders.RETRY_AFTER, Long.toString(seconds))));
        return new Reply(
                error.status(), headers, error.body(decisionId, reasons).getBytes(StandardCharsets.US_ASCII));
    }
}
