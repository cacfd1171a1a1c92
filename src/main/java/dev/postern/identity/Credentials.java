package dev.postern.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What a caller shows to prove who it is. The texts of these records leave secrets out. */
public sealed interface Credentials {

    /** Nothing. */
    record None() implements Credentials {}

    /**
     * A user name and a password or API key.
     *
     * @param user the name, as sent
     * @param password the secret
     */
    record UserPassword(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "UserPassword[…]";
        }
    }

    /**
     * A refresh token, or what is shown as one.
     *
     * @param value the token
     */
    record RefreshToken(String value) implements Credentials {
        @Override
        public String toString() {
            return "RefreshToken[…]";
        }
    }

    /**
     * A token of an issuer.
     *
     * @param token the secret
     */
    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "Bearer[…]";
        }
    }

    /** A kind of credential that is not taken. */
    record Unsupported() implements Credentials {}

    /**
     * A header that cannot be read.
     *
     * @param why what was expected; nothing of what was sent
     */
    record Malformed(String why) implements Credentials {}

    /** Longer values than this are not decoded. */
    int MAX_HEADER = 16 * 1024;

    /** The form of a Basic header, for error texts. */
    String BASIC_FORM = "the Authorization header must be 'Basic' and the base64 of USER:PASSWORD in UTF-8";

    /** The form of a Bearer header, for error texts. */
    String BEARER_FORM = "the Authorization header must be 'Bearer' and a token";

    /** Reads an {@code Authorization} header (RFC 7617, RFC 6750), or its absence. */
    static Credentials of(Optional<String> authorization) {
        if (authorization.isEmpty()) {
            return new None();
        }
        String header = authorization.get().strip();
        int blank = header.indexOf(' ');
        String scheme = (blank < 0 ? header : header.substring(0, blank)).toLowerCase(Locale.ROOT);
        if (scheme.equals("bearer")) {
            return bearer(header, blank);
        }
        if (!scheme.equals("basic")) {
            return scheme.equals("negotiate") || scheme.equals("digest")
                    ? new Unsupported()
                    : new Malformed(BASIC_FORM);
        }
        if (blank < 0 || header.length() > MAX_HEADER) {
            return new Malformed(BASIC_FORM);
        }
        return basic(header.substring(blank + 1).strip());
    }

    private static Credentials bearer(String header, int blank) {
        String token = blank < 0 ? "" : header.substring(blank + 1).strip();
        boolean written = !token.isEmpty()
                && header.length() <= MAX_HEADER
                && token.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return written ? new Bearer(token) : new Malformed(BEARER_FORM);
    }

    private static Credentials basic(String encoded) {
        String decoded;
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException notBasic) {
            return new Malformed(BASIC_FORM);
        }
        int colon = decoded.indexOf(':');
        if (colon < 0 || hasControls(decoded)) {
            return new Malformed(BASIC_FORM);
        }
        return new UserPassword(decoded.substring(0, colon), decoded.substring(colon + 1));
    }

    /** A user name and a password as a form has them: what could not stand in a Basic header cannot stand there either. */
    static Credentials ofForm(String user, String password) {
        boolean unusual = user.length() + password.length() > MAX_HEADER
                || user.indexOf(':') >= 0
                || hasControls(user)
                || hasControls(password);
        return unusual
                ? new Malformed(
                        "the user name and the password cannot be taken; expected texts without control characters,"
                                + " the user name without a colon, of " + MAX_HEADER + " characters at most")
                : new UserPassword(user, password);
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
