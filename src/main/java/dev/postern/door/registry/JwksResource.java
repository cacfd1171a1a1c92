package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.token.Jwks;
import dev.postern.token.TokenKeys;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** {@code GET /jwks.json}: the public keys, as a JWK set (RFC 7517). */
@Path("/jwks.json")
public class JwksResource {

    private final TokenKeys keys;
    private final ObjectMapper json;

    JwksResource(TokenKeys keys, ObjectMapper json) {
        this.keys = keys;
        this.json = json;
    }

    /** The set. */
    @GET
    @NonBlocking
    @Produces("application/jwk-set+json")
    public String get() throws JsonProcessingException {
        return json.writeValueAsString(Jwks.of(keys.ring().published()));
    }
}
