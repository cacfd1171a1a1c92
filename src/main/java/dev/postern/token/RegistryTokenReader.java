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
    private final VerifiedTokens verified = new VerifiedTokens();

    /** What became of reading one. */
    public sealed interface Reading {}

    /** It was issued here for this registry, and its time is now. Whether it was revoked is not known by that. */
    public record Valid(Claims claims, String id, Instant issuedAt) implements Reading {}

    /** No key of ours has signed it. Whose it says to be was not looked at. */
    public record NotOurs() implements Reading {}

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

    /** What a token of ours says, whatever the time. */
    record Said(Valid token, Instant notBefore, Instant expires) {}

    private sealed interface Verdict {}

    private record Ours(Said said) implements Verdict {}

    private record Nobodys(Reading reading) implements Verdict {}

    /** Reads a token. */
    public Reading read(String token, Instant now) {
        // Asked before the token is looked at: what an older ring has verified is not remembered as the newer one's
        // word.
        KeyRing ring = keys.ring();
        VerifiedTokens.Key key = verified.key(token);
        Optional<Said> remembered = verified.recall(key, ring);
        if (remembered.isPresent()) {
            return timely(remembered.get(), now);
        }
        if (!isWritten(token)) {
            return new Invalid("what was shown is no token");
        }
        return switch (verify(token)) {
            case Nobodys nobodys -> nobodys.reading();
            case Ours ours -> {
                verified.remember(key, ring, ours.said());
                yield timely(ours.said(), now);
            }
        };
    }

    /** Whether it is of printable ASCII, without spaces. One that is remembered is. */
    private static boolean isWritten(String token) {
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) <= 0x20 || token.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static Reading timely(Said said, Instant now) {
        if (!now.minus(CLOCK_SKEW).isBefore(said.expires())) {
            return new Invalid("it has expired");
        }
        if (now.plus(CLOCK_SKEW).getEpochSecond() < said.notBefore().getEpochSecond()) {
            return new Invalid("its time has not come yet");
        }
        return said.token();
    }

    private Verdict verify(String token) {
        Optional<byte[]> payload = keys.verifiedRegistryToken(token);
        if (payload.isEmpty()) {
            return new Nobodys(new NotOurs());
        }
        Map<String, String> texts = new HashMap<>();
        Map<String, Long> times = new HashMap<>();
        List<Access> access = new ArrayList<>();
        try (JsonParser in = Json.reading(payload.get())) {
            readClaims(in, texts, times, access);
        } catch (IOException e) {
            return new Nobodys(new Invalid("its claims cannot be read"));
        }
        String subject = texts.get("sub");
        String id = texts.get("jti");
        Long expires = times.get("exp");
        Long notBefore = times.get("nbf");
        Long issued = times.get("iat");
        if (subject == null || id == null || expires == null || notBefore == null || issued == null) {
            return new Nobodys(new Invalid("a claim is missing"));
        }
        if (!issuer.equals(texts.get("iss")) || !audience.equals(texts.get("aud"))) {
            return new Nobodys(new Invalid("of another issuer, or for another registry"));
        }
        Optional<String> boundTo = Optional.ofNullable(texts.get(RegistryToken.BOUND_TO));
        String entries = texts.get(RegistryToken.ENTRIES);
        Valid valid = new Valid(
                new Claims(
                        subject,
                        audience,
                        access,
                        boundTo,
                        entries == null ? List.of() : List.of(entries.split(",", -1))),
                id,
                Instant.ofEpochSecond(issued));
        return new Ours(new Said(valid, Instant.ofEpochSecond(notBefore), Instant.ofEpochSecond(expires)));
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
