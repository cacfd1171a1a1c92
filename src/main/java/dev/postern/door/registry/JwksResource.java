package dev.postern.door.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.token.Jwks;
import dev.postern.token.KeyRing;
import dev.postern.token.TokenKeys;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.jspecify.annotations.Nullable;

/** {@code GET /jwks.json}: the public keys, as a JWK set (RFC 7517). */
@Path("/jwks.json")
public class JwksResource {

    private final TokenKeys keys;
    private final ObjectMapper json;
    private volatile @Nullable Written written;

    /** What was written of a ring. */
    private record Written(KeyRing ring, byte[] set) {}

    JwksResource(TokenKeys keys, ObjectMapper json) {
        this.keys = keys;
        this.json = json;
    }

    /** The set, written once for each ring of keys. */
    @GET
    @NonBlocking
    @Produces("application/jwk-set+json")
    public byte[] get() throws JsonProcessingException {
        KeyRing ring = keys.ring();
        Written last = written;
        if (last == null || last.ring() != ring) {
            last = new Written(ring, json.writeValueAsBytes(Jwks.of(ring.published())));
            written = last;
        }
        return last.set();
    }
}
