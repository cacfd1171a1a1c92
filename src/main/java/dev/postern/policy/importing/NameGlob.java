package dev.postern.policy.importing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A pattern of names as a sequence of tokens, each one character of a set, or any number of them. Immutable.
 *
 * <p>Matching, and asking whether two patterns have a name in common, takes time in proportion to the product of the lengths.
 *
 * @param tokens the tokens, in order
 */
record NameGlob(List<Token> tokens) {

    /** What the names of repositories are made of. */
    static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789._-/";

    /** A set of characters. */
    interface Chars {
        boolean has(char c);
    }

    /**
     * One character of the set, or any number of them.
     *
     * @param chars the set
     * @param repeated whether any number, none included
     * @param kind what of it a repository pattern can say
     */
    record Token(Chars chars, boolean repeated, Kind kind) {

        /** What of a set a repository pattern can say. */
        enum Kind {
            /** The character itself. */
            LITERAL,
            /** All but a slash. */
            WITHIN_SEGMENT,
            /** All. */
            ANY,
            /** Another set, which cannot be said. */
            OTHER
        }

        static Token literal(char c) {
            return new Token(new Literal(c), false, Kind.LITERAL);
        }

        static Token withinSegment(boolean repeated) {
            return new Token(c -> c != '/', repeated, Kind.WITHIN_SEGMENT);
        }

        static Token any(boolean repeated) {
            return new Token(c -> true, repeated, Kind.ANY);
        }

        static Token other(Chars chars) {
            return new Token(chars, false, Kind.OTHER);
        }

        Token asRepeated() {
            return new Token(chars, true, kind == Kind.LITERAL ? Kind.OTHER : kind);
        }

        boolean meets(Token other) {
            for (int i = 0; i < ALPHABET.length(); i++) {
                if (chars.has(ALPHABET.charAt(i)) && other.chars.has(ALPHABET.charAt(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The set of one character. */
    private record Literal(char c) implements Chars {
        @Override
        public boolean has(char other) {
            return c == other;
        }
    }

    /** Matches every name. */
    static final NameGlob EVERYTHING = new NameGlob(List.of(Token.any(true)));

    NameGlob {
        tokens = List.copyOf(tokens);
    }

    /** Matches this text only. */
    static NameGlob literal(String text) {
        return new NameGlob(text.chars().mapToObj(c -> Token.literal((char) c)).toList());
    }

    boolean isEverything() {
        return tokens.size() == 1
                && tokens.getFirst().repeated()
                && tokens.getFirst().kind() == Token.Kind.ANY;
    }

    /** The only text that it matches, where there is only one. */
    Optional<String> literal() {
        StringBuilder text = new StringBuilder();
        for (Token token : tokens) {
            if (!(token.chars() instanceof Literal literal) || token.repeated()) {
                return Optional.empty();
            }
            text.append(literal.c());
        }
        return Optional.of(text.toString());
    }

    boolean matches(String text) {
        return after(text).get(tokens.size());
    }

    /** The rests of the pattern that are to match what follows this text, each by where it begins. */
    private BitSet after(String text) {
        BitSet positions = new BitSet();
        positions.set(0);
        skip(positions);
        for (int i = 0; i < text.length() && !positions.isEmpty(); i++) {
            BitSet next = new BitSet();
            for (int at = positions.nextSetBit(0); at >= 0 && at < tokens.size(); at = positions.nextSetBit(at + 1)) {
                Token token = tokens.get(at);
                if (token.chars().has(text.charAt(i))) {
                    next.set(token.repeated() ? at : at + 1);
                }
            }
            skip(next);
            positions = next;
        }
        return positions;
    }

    /** What is repeated any number of times may be repeated no time. */
    private void skip(BitSet positions) {
        for (int at = positions.nextSetBit(0); at >= 0; at = positions.nextSetBit(at + 1)) {
            if (at < tokens.size() && tokens.get(at).repeated()) {
                positions.set(at + 1);
            }
        }
    }

    /** The patterns of what follows this text in the names that the pattern matches. */
    List<NameGlob> rests(String text) {
        BitSet positions = after(text);
        List<NameGlob> rests = new ArrayList<>();
        for (int at = positions.nextSetBit(0); at >= 0; at = positions.nextSetBit(at + 1)) {
            // What begins behind a repeated token that has begun already is a part of what begins at it.
            boolean covered =
                    at > 0 && positions.get(at - 1) && tokens.get(at - 1).repeated();
            if (!covered) {
                rests.add(new NameGlob(tokens.subList(at, tokens.size())));
            }
        }
        return rests;
    }

    /** Whether some name matches both. */
    boolean meets(NameGlob other) {
        int width = other.tokens.size() + 1;
        BitSet reached = new BitSet();
        List<Integer> todo = new ArrayList<>(List.of(0));
        reached.set(0);
        while (!todo.isEmpty()) {
            int state = todo.removeLast();
            int mine = state / width;
            int theirs = state % width;
            if (mine == tokens.size() && theirs == other.tokens.size()) {
                return true;
            }
            boolean hasMine = mine < tokens.size();
            boolean hasTheirs = theirs < other.tokens.size();
            if (hasMine && tokens.get(mine).repeated()) {
                reach((mine + 1) * width + theirs, reached, todo);
            }
            if (hasTheirs && other.tokens.get(theirs).repeated()) {
                reach(mine * width + theirs + 1, reached, todo);
            }
            if (hasMine && hasTheirs && tokens.get(mine).meets(other.tokens.get(theirs))) {
                int nextMine = tokens.get(mine).repeated() ? mine : mine + 1;
                int nextTheirs = other.tokens.get(theirs).repeated() ? theirs : theirs + 1;
                reach(nextMine * width + nextTheirs, reached, todo);
            }
        }
        return false;
    }

    private static void reach(int state, BitSet reached, List<Integer> todo) {
        if (!reached.get(state)) {
            reached.set(state);
            todo.add(state);
        }
    }

    /** The first path segment, where the pattern begins with one that is fixed, and a slash. */
    Optional<String> firstSegment() {
        StringBuilder segment = new StringBuilder();
        for (Token token : tokens) {
            if (token.repeated() || !(token.chars() instanceof Literal literal)) {
                return Optional.empty();
            }
            if (literal.c() == '/') {
                return Optional.of(segment.toString());
            }
            segment.append(literal.c());
        }
        return Optional.empty();
    }

    /**
     * The repository pattern that matches the same names below a namespace, where there is one.
     *
     * <p>"One or more" is said as "any number" where a name with none would be no repository's: such names have no empty
     * segment, and no segment begins or ends with a dot, an underscore or a hyphen.
     */
    Optional<String> toRepositoryPattern() {
        StringBuilder pattern = new StringBuilder();
        for (int at = 0; at < tokens.size(); at++) {
            Token token = tokens.get(at);
            boolean oneOrMore = !token.repeated() && at + 1 < tokens.size() && isAsterisk(tokens.get(at + 1));
            if (token.chars() instanceof Literal literal && !token.repeated()) {
                if (ALPHABET.indexOf(literal.c()) < 0) {
                    return Optional.empty();
                }
                pattern.append(literal.c());
            } else if (token.kind() == Token.Kind.OTHER || token.kind() == Token.Kind.LITERAL) {
                return Optional.empty();
            } else if (token.repeated() || oneOrMore && noneIsNoName(at)) {
                at += token.repeated() ? 0 : 1;
                if (pattern.toString().endsWith("*")) {
                    return Optional.empty();
                }
                pattern.append(tokens.get(at).kind() == Token.Kind.ANY ? "**" : "*");
            } else {
                return Optional.empty();
            }
        }
        String text = pattern.toString();
        boolean isPattern = !text.isEmpty()
                && text.length() <= 255
                && !text.startsWith("/")
                && !text.endsWith("/")
                && !text.contains("//");
        return isPattern ? Optional.of(text) : Optional.empty();
    }

    private static boolean isAsterisk(Token token) {
        return token.repeated() && (token.kind() == Token.Kind.ANY || token.kind() == Token.Kind.WITHIN_SEGMENT);
    }

    private boolean noneIsNoName(int at) {
        boolean startsSegment = at == 0 || isOneOf(at - 1, "/");
        boolean endsSegment = at + 2 == tokens.size() || isOneOf(at + 2, "/");
        return startsSegment && (endsSegment || isOneOf(at + 2, "._-")) || endsSegment && isOneOf(at - 1, "._-");
    }

    private boolean isOneOf(int at, String chars) {
        Token token = tokens.get(at);
        return !token.repeated() && token.chars() instanceof Literal literal && chars.indexOf(literal.c()) >= 0;
    }
}
