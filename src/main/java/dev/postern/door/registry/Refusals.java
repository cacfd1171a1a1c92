package dev.postern.door.registry;

import dev.postern.decision.Decision;
import dev.postern.distribution.OciError;
import dev.postern.identity.Authentication;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;

/** Refusals as answers of the token service. */
final class Refusals {

    private Refusals() {}

    /**
     * The answer to a refused request.
     *
     * @param reasons the URL of the page on refusals, where callers are sent to it
     */
    static Response of(
            Decision.Refused refused, Authentication authentication, String decisionId, Optional<String> reasons) {
        OciError error = OciError.of(refused.reason(), refused.message());
        return authentication instanceof Authentication.Throttled throttled
                ? response(error, Optional.of(decisionId), Optional.of(throttled.retryAfter()), reasons)
                : response(error, Optional.of(decisionId), Optional.empty(), reasons);
    }

    /** The answer, with the headers that its status asks for. */
    static Response response(OciError error, Optional<String> decisionId) {
        return response(error, decisionId, Optional.empty(), Optional.empty());
    }

    /**
     * The same.
     *
     * @param delay how long to wait before asking again, where that is known
     */
    private static Response response(
            OciError error, Optional<String> decisionId, Optional<Duration> delay, Optional<String> reasons) {
        Response.ResponseBuilder answer = Response.status(error.status())
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(error.body(decisionId, reasons));
        decisionId.ifPresent(id -> answer.header(OciError.DECISION_HEADER, id));
        if (error.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"postern\", charset=\"UTF-8\"");
        }
        error.retryAfter(delay).ifPresent(seconds -> answer.header(HttpHeaders.RETRY_AFTER, seconds));
        return answer.build();
    }
}
