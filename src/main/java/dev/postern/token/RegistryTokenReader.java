package dev.postern.token;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.token.RegistryToken.Access;
import dev.postern.token.RegistryToken.Claims;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Verifies registry tokens that were issued here, for whoever stands before a registry. */
public final class RegistryTokenReader {

    /** Registries allow as much on {@code exp} and {@code nbf} (Distribution token specification). */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private final TokenKeys keys;
    private final String issuer;
    private final String audience;

    /** What became of reading one. */
    public sealed interface Reading {}

    /** It was issued here for this registry, and its time is now. Whether it was revoked is not known by that. */
    public record Valid(Claims claims, String id, Instant issuedAt) implements Reading {}

    /** It was not, or it is not. */
    public record Invalid(String why) implements Reading {}

    /**
     * @param issuer the {@code iss} claim that is expected
     * @param audience the {@code aud} claim that is expected
     */
    public RegistryTokenReader(TokenKeys keys, String issuer, String audience) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
    }

    /** Reads a token. */
    public Reading read(String token, Instant now) {
        Optional<byte[]> payload = keys.verifiedRegistryToken(token);
        if (payload.isEmpty()) {
            return new Invalid("not a registry token of ours");
        }
        Map<String, String> texts = new HashMap<>();
        Map<String, Long> times = new HashMap<>();
        List<Access> access = new ArrayList<>();
        try (JsonParser in = Json.reading(payload.get())) {
            readClaims(in, texts, times, access);
        } catch (IOException e) {
            return new Invalid("its claims cannot be read");
        }
        String subject = texts.get("sub");
        String id = texts.get("jti");
        Long expires = times.get("exp");
        Long notBefore = times.get("nbf");
        Long issued = times.get("iat");
        if (subject == null || id == null || expires == null || notBefore == null || issued == null) {
            return new Invalid("a claim is missing");
        }
        if (!issuer.equals(texts.get("iss")) || !audience.equals(texts.get("aud"))) {
            return new Invalid("of another issuer, or for another registry");
        }
        if (now.minus(CLOCK_SKEW).getEpochSecond() >= expires) {
            return new Invalid("it has expired");
        }
        if (now.plus(CLOCK_SKEW).getEpochSecond() < notBefore) {
            return new Invalid("its time has not come yet");
        }
        Optional<String> boundTo = Optional.ofNullable(texts.get(RegistryToken.BOUND_TO));
        return new Valid(new Claims(subject, audience, access, boundTo), id, Instant.ofEpochSecond(issued));
    }

    private static void readClaims(
            JsonParser in, Map<String, String> texts, Map<String, Long> times, List<Access> access) throws IOException {
        expect(in.nextToken() == JsonToken.START_OBJECT);
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            switch (in.nextToken()) {
                case VALUE_STRING -> expect(texts.put(name, in.getText()) == null);
                case VALUE_NUMBER_INT -> expect(times.put(name, in.getLongValue()) == null);
                case START_ARRAY -> {
                    expect(name.equals("access") && access.isEmpty());
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        access.add(readAccess(in));
                    }
                }
                default -> expect(false);
            }
        }
        expect(in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null);
    }

    private static Access readAccess(JsonParser in) throws IOException {
        expect(in.currentToken() == JsonToken.START_OBJECT);
        String type = "";
        String resource = "";
        Set<String> actions = new TreeSet<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            switch (name) {
                case "type" -> type = text(in);
                case "name" -> resource = text(in);
                case "actions" -> {
                    expect(in.currentToken() == JsonToken.START_ARRAY);
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        actions.add(text(in));
                    }
                }
                default -> expect(false);
            }
        }
        expect(in.currentToken() == JsonToken.END_OBJECT && !type.isEmpty() && !resource.isEmpty());
        return new Access(type, resource, actions);
    }

    private static String text(JsonParser in) throws IOException {
        expect(in.currentToken() == JsonToken.VALUE_STRING);
        return in.getText();
    }

    private static void expect(boolean asIssued) throws IOException {
        if (!asIssued) {
            throw new IOException("not the claims of a registry token");
        }
    }
}
