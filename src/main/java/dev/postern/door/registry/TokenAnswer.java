package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.Timestamps;
import dev.postern.decision.Decision;
import dev.postern.decision.Scope;
import dev.postern.distribution.OciError;
import dev.postern.distribution.WarningHeader;
import dev.postern.token.RegistryToken;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
    private static final JsonFactory JSON = new JsonFactory();

    Reply reply(TokenRequest.Method method) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(2 * token.value().length() + 256);
        try (JsonGenerator out = JSON.createGenerator(json)) {
            out.writeStartObject();
            switch (method) {
                // A token has nothing in it to escape (RFC 7515, section 3.1).
                case GET -> {
                    byte[] value = token.value().getBytes(StandardCharsets.US_ASCII);
                    out.writeFieldName("token");
                    out.writeRawUTF8String(value, 0, value.length);
                    out.writeFieldName("access_token");
                    out.writeRawUTF8String(value, 0, value.length);
                }
                case POST -> {
                    out.writeStringField("access_token", token.value());
                    out.writeStringField("scope", scope());
                }
            }
            out.writeNumberField("expires_in", token.secondsLeft(now));
            out.writeStringField("issued_at", Timestamps.text(token.issuedAt()));
            if (refreshToken.isPresent()) {
                out.writeStringField("refresh_token", refreshToken.get());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        Reply.Header decision = new Reply.Header(DECISION, decisionId);
        return new Reply(
                200,
                granted.wouldBe()
                        .map(refusal ->
                                List.of(decision, new Reply.Header(WARNING, WarningHeader.value(refusal.message()))))
                        .orElseGet(() -> List.of(decision)),
                json.toByteArray());
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
