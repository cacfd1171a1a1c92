package dev.postern.token;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/**
 * Issues registry tokens: the JWT of the Distribution specification.
 *
 * <p>{@code aud} is a string, {@code exp}, {@code nbf} and {@code iat} whole seconds, {@code jti} unpredictable,
 * {@code access} a list and never null: Distribution 2.8 refuses anything else.
 */
public final class TokenIssuer {

    /** Clients take a shorter life, or none given, for 60 s (Distribution token specification). */
    public static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(60);

    private final TokenKeys keys;
    private final KeyIdForm keyIdForm;
    private final String issuer;
    private final Duration lifetime;
    private final LongAdder signed = new LongAdder();
    private final TokenIds ids = new TokenIds();
    private volatile Header header;

    /** The encoded header of the key that signs. */
    private record Header(Signer signer, String encoded) {}

    /**
     * An issuer that signs with the key of the ring in force.
     *
     * @param issuer the {@code iss} claim
     * @param lifetime of each token, at least {@link #SHORTEST_LIFETIME}
     */
    public TokenIssuer(TokenKeys keys, KeyIdForm keyIdForm, String issuer, Duration lifetime) {
        if (lifetime.compareTo(SHORTEST_LIFETIME) < 0) {
            throw new IllegalArgumentException("the lifetime of a token is at least " + SHORTEST_LIFETIME);
        }
        this.keys = keys;
        this.keyIdForm = keyIdForm;
        this.issuer = issuer;
        this.lifetime = lifetime;
        this.header = header(keys.signer());
    }

    /** How many tokens were signed so far. */
    public long signed() {
        return signed.sum();
    }

    /** The keys that it signs with. */
    public TokenKeys keys() {
        return keys;
    }

    private Header header(Signer signer) {
        return new Header(signer, JwsHeader.ofRegistryToken(signer.key().published(), keyIdForm));
    }

    /** Issues a token. */
    public RegistryToken issue(RegistryToken.Claims claims, Instant now) {
        Header by = header;
        Signer signer = keys.signer();
        if (by.signer() != signer) {
            by = header(signer);
            header = by;
        }
        long seconds = now.getEpochSecond();
        String id = ids.next();
        byte[] payload = Json.write(out -> {
            out.writeStartObject();
            out.writeStringField("iss", issuer);
            out.writeStringField("sub", claims.subject());
            out.writeStringField("aud", claims.audience());
            out.writeNumberField("exp", seconds + lifetime.toSeconds());
            out.writeNumberField("nbf", seconds);
            out.writeNumberField("iat", seconds);
            out.writeStringField("jti", id);
            if (!claims.entries().isEmpty()) {
                out.writeStringField(RegistryToken.ENTRIES, String.join(",", claims.entries()));
            }
            if (claims.boundTo().isPresent()) {
                out.writeStringField(RegistryToken.BOUND_TO, claims.boundTo().get());
            }
            out.writeArrayFieldStart("access");
            for (RegistryToken.Access access : claims.access()) {
                if (!access.actions().isEmpty()) {
                    writeAccess(out, access);
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        });
        signed.increment();
        String value = SignedText.sign(by.encoded(), payload, signer);
        return new RegistryToken(value, id, Instant.ofEpochSecond(seconds), lifetime);
    }

    private static void writeAccess(JsonGenerator out, RegistryToken.Access access) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", access.type());
        out.writeStringField("name", access.name());
        out.writeArrayFieldStart("actions");
        for (String action : access.actions()) {
            out.writeString(action);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
