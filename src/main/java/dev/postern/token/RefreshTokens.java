package dev.postern.token;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Issues and reads refresh tokens: JWTs by the keys that sign registry tokens, and not to be mistaken for one.
 *
 * <p>Their {@code typ} is no registry token's, their {@code kid} is in no registry's set of keys, their {@code aud} is
 * {@code ISSUER/refresh}, and they have no {@code access}. They are never rotated: Docker keeps the first.
 */
public final class RefreshTokens {

    /** The longest life that can be set: how long a revocation must be remembered. */
    public static final Duration LONGEST_LIFETIME = Duration.ofDays(90);

    /** The shortest. */
    public static final Duration SHORTEST_LIFETIME = Duration.ofMinutes(5);

    /** Replicas' clocks differ a little. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private final TokenKeys keys;
    private final String issuer;
    private final Duration lifetime;
    private final TokenIds ids = new TokenIds();

    /**
     * @param issuer the {@code iss} claim
     * @param lifetime of each token
     */
    public RefreshTokens(TokenKeys keys, String issuer, Duration lifetime) {
        if (lifetime.compareTo(SHORTEST_LIFETIME) < 0 || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    "the lifetime of a refresh token is " + SHORTEST_LIFETIME + " to " + LONGEST_LIFETIME);
        }
        this.keys = keys;
        this.issuer = issuer;
        this.lifetime = lifetime;
    }

    /** The audience of refresh tokens of this issuer, which must be no registry's service name. */
    public static String audience(String issuer) {
        return issuer + "/refresh";
    }

    /** Issues a token. */
    public RefreshToken issue(RefreshToken.Claims claims, Instant now) {
        Signer signer = keys.signer();
        long seconds = now.getEpochSecond();
        String id = ids.next();
        byte[] payload = Json.write(out -> {
            out.writeStartObject();
            out.writeStringField("iss", issuer);
            out.writeStringField("sub", claims.subject());
            out.writeStringField("aud", audience(issuer));
            out.writeNumberField("exp", seconds + lifetime.toSeconds());
            out.writeNumberField("iat", seconds);
            out.writeStringField("jti", id);
            out.writeStringField("account", claims.account());
            out.writeStringField("service", claims.service());
            out.writeStringField("credential", claims.credential());
            out.writeStringField("fingerprint", claims.fingerprint());
            out.writeEndObject();
        });
        return new RefreshToken(
                SignedText.sign(JwsHeader.ofRefreshToken(signer.key().published()), payload, signer), id);
    }

    /** Reads what a caller has sent. */
    public RefreshToken.Reading read(String token, Instant now) {
        Optional<byte[]> payload = keys.verifiedRefreshToken(token);
        if (payload.isEmpty()) {
            return new RefreshToken.Invalid("not a refresh token of ours");
        }
        Map<String, String> texts = new HashMap<>();
        Map<String, Long> times = new HashMap<>();
        if (!readClaims(payload.get(), texts, times)) {
            return new RefreshToken.Invalid("its claims cannot be read");
        }
        if (!issuer.equals(texts.get("iss")) || !audience(issuer).equals(texts.get("aud"))) {
            return new RefreshToken.Invalid("of another issuer");
        }
        Long expires = times.get("exp");
        Long issued = times.get("iat");
        if (expires == null || expires <= now.getEpochSecond()) {
            return new RefreshToken.Invalid("it has expired");
        }
        if (issued == null || issued > now.plus(CLOCK_SKEW).getEpochSecond()) {
            return new RefreshToken.Invalid("it is not issued yet");
        }
        return claims(texts, Instant.ofEpochSecond(issued));
    }

    private static RefreshToken.Reading claims(Map<String, String> texts, Instant issuedAt) {
        String id = texts.get("jti");
        String subject = texts.get("sub");
        String account = texts.get("account");
        String service = texts.get("service");
        String credential = texts.get("credential");
        String fingerprint = texts.get("fingerprint");
        if (id == null
                || subject == null
                || account == null
                || service == null
                || credential == null
                || fingerprint == null) {
            return new RefreshToken.Invalid("a claim is missing");
        }
        return new RefreshToken.Valid(
                new RefreshToken.Claims(subject, account, service, credential, fingerprint), id, issuedAt);
    }

    /** A flat object of texts and whole numbers, each once: what {@link #issue} writes, and nothing else. */
    private static boolean readClaims(byte[] json, Map<String, String> texts, Map<String, Long> times) {
        try (JsonParser in = Json.reading(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                boolean first = switch (in.nextToken()) {
                    case VALUE_STRING -> texts.put(name, in.getText()) == null;
                    case VALUE_NUMBER_INT -> times.put(name, in.getLongValue()) == null;
                    default -> false;
                };
                if (!first) {
                    return false;
                }
            }
            return in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null;
        } catch (IOException notClaims) {
            return false;
        }
    }
}
