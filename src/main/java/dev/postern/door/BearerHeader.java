package dev.postern.door;

import java.util.List;

/** A registry token in an {@code Authorization} header (RFC 6750 section 2.1). */
final class BearerHeader {

    /** What became of reading it. */
    sealed interface Outcome {}

    /** There is none, or credentials of another kind, which registries with a token service do not take. */
    record None() implements Outcome {}

    /** A token, or what is shown as one. */
    record Token(String value) implements Outcome {
        @Override
        public String toString() {
            return "Token[…]";
        }
    }

    /** It cannot be read. */
    record Malformed(String why) implements Outcome {}

    /** No token of ours is longer. */
    private static final int MAX_LENGTH = 32 * 1024;

    /** The printable characters of ASCII, without the space. */
    private static final int FIRST = 0x21;

    private static final int LAST = 0x7e;

    private static final String SCHEME = "bearer ";

    private BearerHeader() {}

    static Outcome read(List<String> lines) {
        if (lines.isEmpty()) {
            return new None();
        }
        if (lines.size() > 1) {
            return new Malformed("the Authorization header stands more than once");
        }
        String line = lines.getFirst().strip();
        if (!line.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return line.equalsIgnoreCase("bearer")
                    ? new Malformed("the Authorization header names no token")
                    : new None();
        }
        String token = line.substring(SCHEME.length()).strip();
        return isWritten(token) ? new Token(token) : new Malformed("what was shown is no token");
    }

    private static boolean isWritten(String token) {
        if (token.length() > MAX_LENGTH) {
            return false;
        }
        // Without a way out of it, for a token is long and almost always well written, several characters are looked at
        // at once.
        int sign = 0;
        for (int i = 0; i < token.length(); i++) {
            int c = token.charAt(i);
            sign |= c - FIRST | LAST - c;
        }
        return sign >= 0;
    }
}
