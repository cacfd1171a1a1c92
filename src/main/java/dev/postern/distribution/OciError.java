package dev.postern.distribution;

import dev.postern.decision.Gate;
import dev.postern.decision.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A refusal in the form of the OCI distribution specification, section "Error Codes":
 * {@code {"errors":[{"code","message","detail"}]}}.
 *
 * @param status the HTTP status
 * @param code the code, upper case
 * @param message what the user of the client reads
 */
public record OciError(int status, String code, String message) {

    /** The header in which the id of the decision stands, for clients whose users see no body. */
    public static final String DECISION_HEADER = "X-Postern-Decision";

    private static final Duration USUAL_RETRY_AFTER = Duration.ofSeconds(5);
    private static final char FIRST_PRINTABLE = 0x20;
    private static final char LAST_PRINTABLE = 0x7e;

    /** The answer to a request that was refused for this reason. */
    public static OciError of(Reason reason, String message) {
        return switch (reason) {
            case NO_CREDENTIALS, BAD_CREDENTIALS -> new OciError(401, "UNAUTHORIZED", message);
            case TOO_MANY_FAILURES -> new OciError(429, "TOOMANYREQUESTS", message);
            case UNAVAILABLE -> new OciError(503, "UNAVAILABLE", message);
            case MALFORMED_REQUEST -> new OciError(400, "UNSUPPORTED", message);
            case ADDRESS_NOT_LISTED,
                    ADDRESS_DENIED,
                    PUBLIC_ACCESS_DISABLED,
                    PRIVATE_ACCESS_DISABLED,
                    SOURCE_UNKNOWN,
                    BOUND_ELSEWHERE,
                    NOT_PERMITTED,
                    GRANTED -> new OciError(403, "DENIED", message);
        };
    }

    /** When nothing could be decided, by a mistake of our own. */
    public static OciError undecided() {
        return of(Reason.UNAVAILABLE, Gate.UNDECIDED);
    }

    /**
     * In how many seconds to ask again ({@code Retry-After}, RFC 9110 section 10.2.3), where the status is one for which that
     * is said.
     *
     * @param delay how long to wait, where that is known
     */
    public OptionalLong retryAfter(Optional<Duration> delay) {
        return status == 429 || status == 503
                ? OptionalLong.of(Math.max(
                        1,
                        delay.orElse(USUAL_RETRY_AFTER).plusNanos(999_999_999).toSeconds()))
                : OptionalLong.empty();
    }

    /** The body, JSON. */
    public String body(Optional<String> decisionId) {
        return body(decisionId, Optional.empty());
    }

    /**
     * The body, JSON.
     *
     * @param reasons the URL of a page that says what may be the matter, where there is one that the caller can open; it has a
     *     section for each code, and so says no more than the code does
     */
    public String body(Optional<String> decisionId, Optional<String> reasons) {
        StringBuilder out = new StringBuilder(192).append("{\"errors\":[{\"code\":");
        string(out, code);
        string(out.append(",\"message\":"), message);
        decisionId.ifPresent(id -> {
            string(out.append(",\"detail\":{\"decision\":"), id);
            reasons.ifPresent(page -> string(out.append(",\"help\":"), page + "#" + code.toLowerCase(Locale.ROOT)));
            out.append('}');
        });
        return out.append("}]}").toString();
    }

    /** A string of JSON (RFC 8259 section 7), all but printable ASCII escaped. */
    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE) {
                out.append(c);
            } else {
                out.append("\\u").append(String.format("%04x", (int) c));
            }
        }
        out.append('"');
    }
}
