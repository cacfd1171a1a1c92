package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.decision.Decision.WouldBe;
import dev.postern.token.RegistryToken;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/** A token in the form of the Distribution token specification. */
final class TokenAnswer {

    private static final JsonFactory JSON = new JsonFactory();

    private TokenAnswer() {}

    /**
     * The answer.
     *
     * @param wouldBe the refusal that there would be, were everything enforced that is in report mode
     */
    static Response of(RegistryToken token, String decisionId, Optional<WouldBe> wouldBe) {
        StringWriter text = new StringWriter(2048);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("token", token.value());
            out.writeStringField("access_token", token.value());
            out.writeNumberField("expires_in", token.lifetime().toSeconds());
            out.writeStringField("issued_at", token.issuedAt().toString());
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        Response.ResponseBuilder answer = Response.ok(text.toString(), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(OciError.DECISION_HEADER, decisionId);
        wouldBe.ifPresent(refusal -> answer.header(WarningHeader.NAME, WarningHeader.value(refusal.message())));
        return answer.build();
    }
}
