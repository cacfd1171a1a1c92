package dev.postern.policy;

import java.util.regex.Pattern;

/**
 * What a claim must be: a text as it stands, in which {@code *} stands for one whole part and {@code **} for one part or
 * more.
 *
 * <p>Parts are what {@code /} and {@code :} divide. An asterisk beside other characters is no pattern: {@code acme*} would
 * be meant for one organisation, and match whoever begins a name so.
 */
public final class ClaimPattern {

    /** For error texts. */
    static final String FORM =
            "a text in which '*' stands for a whole part between '/' or ':', and '**' for one or more";

    private static final int MOST = 512;

    private final String text;
    private final Pattern pattern;
    private final boolean anything;

    private ClaimPattern(String text, Pattern pattern, boolean anything) {
        this.text = text;
        this.pattern = pattern;
        this.anything = anything;
    }

    /** What became of reading a pattern. */
    sealed interface Parsed {}

    /** It is one. */
    record Good(ClaimPattern pattern) implements Parsed {}

    /** It is none. */
    record Malformed(String why) implements Parsed {}

    static Parsed parse(String text) {
        if (text.isEmpty() || text.length() > MOST) {
            return new Malformed("a claim's text has 1 to " + MOST + " characters");
        }
        // Possessive, and parts exclude what divides them: a hostile claim cannot make the matching backtrack.
        StringBuilder regex = new StringBuilder();
        int crossing = 0;
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !isDivider(text.charAt(end))) {
                end++;
            }
            String part = text.substring(at, end);
            switch (part) {
                case "*" -> regex.append("[^/:]++");
                case "**" -> {
                    crossing++;
                    regex.append("(?s:.+)");
                }
                default -> {
                    if (part.indexOf('*') >= 0) {
                        return new Malformed(
                                "'*' stands for a whole part between '/' or ':', not beside other characters");
                    }
                    regex.append(Pattern.quote(part));
                }
            }
            if (end < text.length()) {
                regex.append(text.charAt(end));
            }
            at = end + 1;
        }
        if (crossing > 1) {
            return new Malformed("'**' stands once at most");
        }
        boolean anything = text.chars().allMatch(c -> c == '*' || isDivider((char) c));
        return new Good(new ClaimPattern(text, Pattern.compile(regex.toString()), anything));
    }

    private static boolean isDivider(char c) {
        return c == '/' || c == ':';
    }

    /** Whether a claim of this text is meant. */
    public boolean matches(String claim) {
        return pattern.matcher(claim).matches();
    }

    /** Whether it names nothing: every claim of that form is meant. */
    boolean isForAnything() {
        return anything;
    }

    /** The same text. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ClaimPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
