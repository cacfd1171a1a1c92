package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.decision.Decision;
import dev.postern.decision.Scope;
import dev.postern.distribution.OciError;
import dev.postern.distribution.WarningHeader;
import dev.postern.token.RegistryToken;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
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

    private static final JsonFactory JSON = new JsonFactory();

    Response response(TokenRequest.Method method) {
        StringWriter text = new StringWriter(2048);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            switch (method) {
                case GET -> {
                    out.writeStringField("token", token.value());
                    out.writeStringField("access_token", token.value());
                }
                case POST -> {
                    out.writeStringField("access_token", token.value());
                    out.writeStringField("scope", scope());
                }
            }
            out.writeNumberField("expires_in", token.secondsLeft(now));
            out.writeStringField("issued_at", token.issuedAt().toString());
            if (refreshToken.isPresent()) {
                out.writeStringField("refresh_token", refreshToken.get());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        Response.ResponseBuilder answer = Response.ok(text.toString(), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(OciError.DECISION_HEADER, decisionId);
        granted.wouldBe()
                .ifPresent(refusal -> answer.header(WarningHeader.NAME, WarningHeader.value(refusal.message())));
        return answer.build();
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
