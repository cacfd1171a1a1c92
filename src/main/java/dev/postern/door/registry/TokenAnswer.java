package dev.postern.door.registry;

import dev.postern.audit.Timestamps;
import dev.postern.decision.Decision;
import dev.postern.decision.Scope;
import dev.postern.distribution.OciError;
import dev.postern.distribution.WarningHeader;
import dev.postern.token.RegistryToken;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A token in the forms of the Distribution specifications: of {@code token.md} for a GET, of {@code oauth.md} for a POST.
 *
 * @param refreshToken for the caller to keep, where there is one
 * @param decisionId the decision's id
 * @param now when it is answered: a token that was issued before is good for less
 */
record TokenAnswer(
        RegistryToken token, Decision.Granted granted, Optional<String> refreshToken, String decisionId, Instant now) {

    private static final CharSequence DECISION = HttpHeaders.createOptimized(OciError.DECISION_HEADER);
    private static final CharSequence WARNING = HttpHeaders.createOptimized(WarningHeader.NAME);

    Reply reply(TokenRequest.Method method) {
        // Nothing in it has to be escaped: tokens are of base64url and dots (RFC 7515, section 3.1), scopes of their
        // own grammar.
        StringBuilder json = new StringBuilder(2 * token.value().length() + 256);
        switch (method) {
            case GET ->
                json.append("{\"token\":\"")
                        .append(token.value())
                        .append("\",\"access_token\":\"")
                        .append(token.value());
            case POST ->
                json.append("{\"access_token\":\"")
                        .append(token.value())
                        .append("\",\"scope\":\"")
                        .append(scope());
        }
        json.append("\",\"expires_in\":").append(token.secondsLeft(now));
        json.append(",\"issued_at\":\"")
                .append(Timestamps.text(token.issuedAt()))
                .append('"');
        refreshToken.ifPresent(
                value -> json.append(",\"refresh_token\":\"").append(value).append('"'));
        json.append('}');
        Reply.Header decision = new Reply.Header(DECISION, decisionId);
        return new Reply(
                200,
                granted.wouldBe()
                        .map(refusal ->
                                List.of(decision, new Reply.Header(WARNING, WarningHeader.value(refusal.message()))))
                        .orElseGet(() -> List.of(decision)),
                json.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** What was granted, in the form in which it is asked for. */
    private String scope() {
        return granted.grants().stream()
                .filter(grant -> !grant.actions().isEmpty())
                .map(grant -> Scope.of(grant.scope().type(), grant.scope().name(), grant.actions())
                        .toString())
                .collect(Collectors.joining(" "));
    }
}
