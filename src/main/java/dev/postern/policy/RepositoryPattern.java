package dev.postern.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of repository names: {@code *} stands for any characters within a path segment, none included, {@code **}
 * for any characters, slashes included. Matching takes time proportional to pattern times name at worst.
 */
public final class RepositoryPattern {

    /** Matches every repository of the namespace. */
    static final RepositoryPattern ANY = new RepositoryPattern("**");

    private static final char WITHIN_SEGMENT = '\u0001';
    private static final char ACROSS_SEGMENTS = '\u0002';

    private final String text;
    private final char[] tokens;

    private RepositoryPattern(String text) {
        this.text = text;
        List<Character> out = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '*') {
                out.add(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '*') {
                out.add(ACROSS_SEGMENTS);
                i++;
            } else {
                out.add(WITHIN_SEGMENT);
            }
        }
        this.tokens = new char[out.size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = out.get(i);
        }
    }

    /**
     * A pattern of lower-case letters, digits, {@code . _ - /}, {@code *} and {@code **}.
     *
     * @return what is wrong with the text, or the pattern
     */
    static Parsed parse(String text) {
        if (text.isEmpty() || text.length() > 255) {
            return new Parsed.Malformed("a repository pattern has 1 to 255 characters");
        }
        if (text.startsWith("/") || text.endsWith("/") || text.contains("//")) {
            return new Parsed.Malformed("a repository pattern has no empty path segment, and no slash at its ends");
        }
        if (text.contains("***")) {
            return new Parsed.Malformed("'***' is not a wildcard; '*' stays within a path segment, '**' crosses them");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._-/*".indexOf(c) >= 0;
            if (!allowed) {
                return new Parsed.Malformed("a repository pattern has lower-case letters, digits, '.', '_', '-', '/',"
                        + " '*' and '**' only; found '" + c + "'");
            }
        }
        return new Parsed.Pattern(new RepositoryPattern(text));
    }

    /** What became of reading a pattern. */
    sealed interface Parsed {
        /** It is one. */
        record Pattern(RepositoryPattern pattern) implements Parsed {}

        /** It is none. */
        record Malformed(String why) implements Parsed {}
    }

    /** Whether the name, without its namespace, matches. */
    public boolean matches(String name) {
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (char token : tokens) {
            if (token == WITHIN_SEGMENT || token == ACROSS_SEGMENTS) {
                for (int i = 1; i <= name.length(); i++) {
                    boolean passes = token == ACROSS_SEGMENTS || name.charAt(i - 1) != '/';
                    reached[i] |= reached[i - 1] && passes;
                }
            } else {
                for (int i = name.length(); i > 0; i--) {
                    reached[i] = reached[i - 1] && name.charAt(i - 1) == token;
                }
                reached[0] = false;
            }
        }
        return reached[name.length()];
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
