package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.decision.Decision;
import dev.postern.decision.Reason;
import dev.postern.identity.Authentication;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * A refusal in the form of the OCI distribution specification, section "Error Codes":
 * {@code {"errors":[{"code","message","detail"}]}}.
 *
 * @param status the HTTP status
 * @param code the code, upper case
 * @param message what the user of the client reads
 */
record OciError(int status, String code, String message) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration USUAL_RETRY_AFTER = Duration.ofSeconds(5);

    /** The header in which the id of the decision stands, for clients whose users see no body. */
    static final String DECISION_HEADER = "X-Postern-Decision";

    /** The answer to a refused request. */
    static Response of(Decision.Refused refused, Authentication authentication, String decisionId) {
        OciError error = of(refused.reason(), refused.message());
        return authentication instanceof Authentication.Throttled throttled
                ? error.response(Optional.of(decisionId), throttled.retryAfter())
                : error.response(Optional.of(decisionId));
    }

    static OciError of(Reason reason, String message) {
        return switch (reason) {
            case BAD_CREDENTIALS -> new OciError(401, "UNAUTHORIZED", message);
            case TOO_MANY_FAILURES -> new OciError(429, "TOOMANYREQUESTS", message);
            case UNAVAILABLE -> new OciError(503, "UNAVAILABLE", message);
            case MALFORMED_REQUEST -> new OciError(400, "UNSUPPORTED", message);
            case ADDRESS_NOT_LISTED,
                    ADDRESS_DENIED,
                    PUBLIC_ACCESS_DISABLED,
                    PRIVATE_ACCESS_DISABLED,
                    SOURCE_UNKNOWN,
                    NOT_PERMITTED,
                    GRANTED -> new OciError(403, "DENIED", message);
        };
    }

    /** The answer, with the headers that its status asks for. */
    Response response(Optional<String> decisionId) {
        return response(decisionId, USUAL_RETRY_AFTER);
    }

    /**
     * The same.
     *
     * @param retryAfter when to ask again, where the status is one for which that is said
     */
    Response response(Optional<String> decisionId, Duration retryAfter) {
        Response.ResponseBuilder answer = Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(body(decisionId));
        decisionId.ifPresent(id -> answer.header(DECISION_HEADER, id));
        if (status == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"postern\", charset=\"UTF-8\"");
        }
        if (status == 429 || status == 503) {
            answer.header(
                    HttpHeaders.RETRY_AFTER,
                    Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds()));
        }
        return answer.build();
    }

    private String body(Optional<String> decisionId) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeArrayFieldStart("errors");
            out.writeStartObject();
            out.writeStringField("code", code);
            out.writeStringField("message", message);
            if (decisionId.isPresent()) {
                out.writeObjectFieldStart("detail");
                out.writeStringField("decision", decisionId.get());
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return text.toString();
    }
}
