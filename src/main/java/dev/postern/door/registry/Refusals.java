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

    private static final Duration USUAL_RETRY_AFTER = Duration.ofSeconds(5);

    private Refusals() {}

    /** The answer to a refused request. */
    static Response of(Decision.Refused refused, Authentication authentication, String decisionId) {
        OciError error = OciError.of(refused.reason(), refused.message());
        return authentication instanceof Authentication.Throttled throttled
                ? response(error, Optional.of(decisionId), throttled.retryAfter())
                : response(error, Optional.of(decisionId));
    }

    /** The answer, with the headers that its status asks for. */
    static Response response(OciError error, Optional<String> decisionId) {
        return response(error, decisionId, USUAL_RETRY_AFTER);
    }

    /**
     * The same.
     *
     * @param retryAfter when to ask again, where the status is one for which that is said
     */
    private static Response response(OciError error, Optional<String> decisionId, Duration retryAfter) {
        Response.ResponseBuilder answer = Response.status(error.status())
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(error.body(decisionId));
        decisionId.ifPresent(id -> answer.header(OciError.DECISION_HEADER, id));
        if (error.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"postern\", charset=\"UTF-8\"");
        }
        if (error.status() == 429 || error.status() == 503) {
            answer.header(
                    HttpHeaders.RETRY_AFTER,
                    Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds()));
        }
        return answer.build();
    }
}
