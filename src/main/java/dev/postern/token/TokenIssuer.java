package dev.postern.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Issues registry tokens: the JWT of the Distribution specification.
 *
 * <p>{@code aud} is a string, {@code exp}, {@code nbf} and {@code iat} whole seconds, {@code jti} unpredictable,
 * {@code access} a list and never null: Distribution 2.8 refuses anything else.
 */
public final class TokenIssuer {

    /** Clients take a shorter life, or none given, for 60 s (Distribution token specification). */
    public static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(60);

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ID_BYTES = 16;

    private final Signer signer;
    private final String issuer;
    private final Duration lifetime;
    private final byte[] encodedHeader;
    private final SecureRandom random = new SecureRandom();

    /**
     * An issuer that signs with this key.
     *
     * @param issuer the {@code iss} claim
     * @param lifetime of each token, at least {@link #SHORTEST_LIFETIME}
     */
    public TokenIssuer(SigningKey key, KeyIdForm keyIdForm, String issuer, Duration lifetime) {
        if (lifetime.compareTo(SHORTEST_LIFETIME) < 0) {
            throw new IllegalArgumentException("the lifetime of a token is at least " + SHORTEST_LIFETIME);
        }
        this.signer = new Signer(key);
        this.issuer = issuer;
        this.lifetime = lifetime;
        this.encodedHeader = encodedHeader(key, keyIdForm);
    }

    /** Signs with this provider from now on; whether it can. */
    public boolean tryToUse(Provider provider) {
        return signer.tryToUse(provider);
    }

    /** The key that signs. */
    public SigningKey key() {
        return signer.key();
    }

    /** Issues a token. */
    public RegistryToken issue(RegistryToken.Claims claims, Instant now) {
        long seconds = now.getEpochSecond();
        String id = newId();
        byte[] payload = json(out -> {
            out.writeStartObject();
            out.writeStringField("iss", issuer);
            out.writeStringField("sub", claims.subject());
            out.writeStringField("aud", claims.audience());
            out.writeNumberField("exp", seconds + lifetime.toSeconds());
            out.writeNumberField("nbf", seconds);
            out.writeNumberField("iat", seconds);
            out.writeStringField("jti", id);
            out.writeArrayFieldStart("access");
            for (RegistryToken.Access access : claims.access()) {
                if (!access.actions().isEmpty()) {
                    writeAccess(out, access);
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        });
        byte[] encodedPayload = URL.encode(payload);
        byte[] signed = new byte[encodedHeader.length + 1 + encodedPayload.length];
        System.arraycopy(encodedHeader, 0, signed, 0, encodedHeader.length);
        signed[encodedHeader.length] = '.';
        System.arraycopy(encodedPayload, 0, signed, encodedHeader.length + 1, encodedPayload.length);
        String value = new String(signed, StandardCharsets.ISO_8859_1) + "." + URL.encodeToString(signer.sign(signed));
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

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return URL.encodeToString(id);
    }

    private static byte[] encodedHeader(SigningKey key, KeyIdForm form) {
        return URL.encode(json(out -> {
            out.writeStartObject();
            out.writeStringField("typ", "JWT");
            out.writeStringField("alg", key.algorithm().name());
            switch (form) {
                case X5C -> {
                    out.writeArrayFieldStart("x5c");
                    out.writeString(key.x5c());
                    out.writeEndArray();
                }
                case LIBTRUST -> out.writeStringField("kid", key.libtrustId());
                case THUMBPRINT -> out.writeStringField("kid", key.thumbprint());
            }
            out.writeEndObject();
        }));
    }

    private interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    private static byte[] json(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
