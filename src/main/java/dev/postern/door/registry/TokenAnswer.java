package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.token.RegistryToken;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;

/** A token in the form of the Distribution token specification. */
final class TokenAnswer {

    private static final JsonFactory JSON = new JsonFactory();

    private TokenAnswer() {}

    static Response of(RegistryToken token, String decisionId) {
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
        return Response.ok(text.toString(), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(OciError.DECISION_HEADER, decisionId)
                .build();
    }
}
