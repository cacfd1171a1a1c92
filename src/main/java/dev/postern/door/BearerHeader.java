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
        return token.length() <= MAX_LENGTH ? new Token(token) : new Malformed("what was shown is no token");
    }
}
