package dev.postern.identity.oidc;

import dev.postern.identity.federation.SaidClaims;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.identity.federation.SaidClaims.Value;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A signed token in compact form (RFC 7515, section 7.1), taken apart and not verified: what it says here is the bearer's
 * own word.
 *
 * @param text the token
 * @param type the kind of token that its header names
 * @param algorithm the algorithm that its header names
 * @param keyId the key that its header names
 * @param issuer whose it says to be
 * @param claims what it claims
 */
record TokenText(
        String text,
        Optional<String> type,
        String algorithm,
        Optional<String> keyId,
        String issuer,
        SaidClaims claims) {

    /** No issuer's token is longer. */
    static final int MOST = 16 * 1024;

    private static final int MOST_OF_A_HEADER = 4 * 1024;
    private static final int MOST_OF_A_NAME = 1024;
    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** What became of taking a text apart. */
    sealed interface Outcome {}

    /** It has the form of a token. */
    record Read(TokenText token) implements Outcome {}

    /** It has not; {@code why} says nothing of its content. */
    record NoToken(String why) implements Outcome {}

    static Outcome read(String text) {
        if (text.length() > MOST) {
            return new NoToken("the token is longer than " + MOST + " characters");
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || text.indexOf('.', second + 1) >= 0 || first > MOST_OF_A_HEADER) {
            return new NoToken("what was shown is no signed token in compact form");
        }
        Map<String, Value> header;
        Map<String, Value> claims;
        try {
            header = Json.object(part(text.substring(0, first)));
            claims = Json.object(part(text.substring(first + 1, second)));
            part(text.substring(second + 1));
        } catch (IOException | IllegalArgumentException e) {
            return new NoToken("the token's header, claims or signature cannot be read");
        }
        Optional<String> algorithm = name(header, "alg");
        Optional<String> issuer = name(claims, "iss");
        if (algorithm.isEmpty() || issuer.isEmpty()) {
            return new NoToken("the token names no algorithm or no issuer");
        }
        if (header.containsKey("crit") || header.containsKey("b64")) {
            // RFC 7515, section 4.1.11: what is not understood and is critical makes it invalid.
            return new NoToken("the token has extensions that are critical");
        }
        return new Read(new TokenText(
                text, name(header, "typ"), algorithm.get(), name(header, "kid"), issuer.get(), new SaidClaims(claims)));
    }

    /** The claims as they are written. */
    byte[] payload() {
        return BASE64URL.decode(text.substring(text.indexOf('.') + 1, text.lastIndexOf('.')));
    }

    /**
     * In the one way in which it can be written: what verifies it decodes anything, and would take one token in many texts. The last
     * character has bits that mean nothing, and are zero.
     */
    private static byte[] part(String encoded) {
        byte[] decoded = BASE64URL.decode(encoded);
        if (!ENCODER.encodeToString(decoded).equals(encoded)) {
            throw new IllegalArgumentException("padded, or of other bits at its end");
        }
        return decoded;
    }

    private static Optional<String> name(Map<String, Value> members, String name) {
        return members.get(name) instanceof Text text
                        && !text.text().isEmpty()
                        && text.text().length() <= MOST_OF_A_NAME
                ? Optional.of(text.text())
                : Optional.empty();
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "TokenText[…]";
    }
}
