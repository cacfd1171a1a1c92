package dev.postern.policy.importing;

import dev.postern.policy.importing.NameGlob.Chars;
import dev.postern.policy.importing.NameGlob.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the patterns of docker_auth: shell patterns as Go's {@code path.Match} takes them, and between slashes regular
 * expressions as Go's {@code regexp} does, searched for anywhere in the text unless anchored. Of the latter, what is made of
 * characters, sets, {@code * + ?} behind one of these, and alternatives.
 */
final class PatternReader {

    private static final int MAX_TOKENS = 256;
    private static final int MAX_ALTERNATIVES = 64;
    private static final int MAX_LENGTH = 1_024;
    private static final int MAX_DEPTH = 16;

    private final String text;
    private int at;
    private int depth;

    private PatternReader(String text) {
        this.text = text;
    }

    /** What became of reading. */
    sealed interface Syntax {}

    /** It matches what one of these matches; nothing, where there are none. */
    record Understood(List<NameGlob> alternatives) implements Syntax {
        Understood {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** It is a pattern, and what it matches cannot be said here. */
    record NotUnderstood(String why) implements Syntax {}

    /** It is no pattern. */
    record Malformed(String why) implements Syntax {}

    /** Leaves the reading. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Syntax syntax;

        Stop(Syntax syntax) {
            super(null, null, false, false);
            this.syntax = syntax;
        }
    }

    /** Reads a pattern whose variables have been replaced. */
    static Syntax read(String pattern) {
        try {
            if (pattern.contains("${")) {
                return new NotUnderstood("a variable");
            }
            if (pattern.length() > MAX_LENGTH) {
                return new NotUnderstood("more than " + MAX_LENGTH + " characters");
            }
            if (pattern.length() > 2 && pattern.startsWith("/") && pattern.endsWith("/")) {
                return new Understood(new PatternReader(pattern.substring(1, pattern.length() - 1)).expression());
            }
            return new Understood(List.of(new NameGlob(new PatternReader(pattern).shell())));
        } catch (Stop stop) {
            return stop.syntax;
        }
    }

    /** The text as it must be written to stand for itself, in either form. */
    static String quote(String text) {
        return text.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0");
    }

    // Shell patterns

    private List<Token> shell() {
        List<Token> tokens = new ArrayList<>();
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '*' -> {
                    if (tokens.isEmpty() || !tokens.getLast().repeated()) {
                        tokens.add(Token.withinSegment(true));
                    }
                }
                case '?' -> tokens.add(Token.withinSegment(false));
                case '[' -> tokens.add(Token.other(set(false)));
                case '\\' -> tokens.add(Token.literal(next()));
                default -> tokens.add(Token.literal(c));
            }
            requireFew(tokens);
        }
        return tokens;
    }

    // Regular expressions

    /** A part of an alternative, and whether the text must begin or end with it. */
    private record Branch(List<Token> tokens, boolean fromStart, boolean toEnd) {}

    private List<NameGlob> expression() {
        List<NameGlob> alternatives = new ArrayList<>();
        for (Branch branch : branches()) {
            List<Token> tokens = new ArrayList<>();
            if (!branch.fromStart()) {
                tokens.add(Token.any(true));
            }
            tokens.addAll(branch.tokens());
            if (!branch.toEnd()) {
                tokens.add(Token.any(true));
            }
            alternatives.add(new NameGlob(simplified(tokens)));
        }
        if (at < text.length()) {
            throw new Stop(new Malformed("a ')' without a '('"));
        }
        return alternatives;
    }

    /** Without the repetitions beside one of everything, which has them in it. */
    private static List<Token> simplified(List<Token> tokens) {
        List<Token> simple = new ArrayList<>();
        for (Token token : tokens) {
            if (isAnything(token)) {
                while (!simple.isEmpty() && simple.getLast().repeated()) {
                    simple.removeLast();
                }
            }
            boolean covered = token.repeated() && !simple.isEmpty() && isAnything(simple.getLast());
            if (!covered) {
                simple.add(token);
            }
        }
        return simple;
    }

    private static boolean isAnything(Token token) {
        return token.repeated() && token.kind() == Token.Kind.ANY;
    }

    private List<Branch> branches() {
        List<Branch> branches = new ArrayList<>(branch());
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            branches.addAll(branch());
            requireFewAlternatives(branches.size());
        }
        return branches;
    }

    /** The alternatives between two bars: more than one where there are groups in it. */
    private List<Branch> branch() {
        boolean fromStart = at < text.length() && text.charAt(at) == '^';
        if (fromStart) {
            at++;
        }
        List<List<Token>> sequences = new ArrayList<>(List.of(List.of()));
        boolean toEnd = false;
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            if (text.charAt(at) == '$') {
                at++;
                toEnd = true;
                if (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
                    throw notUnderstood("a '$' that is not at the end");
                }
                break;
            }
            sequences = product(sequences, quantified());
        }
        List<Branch> branches = new ArrayList<>();
        for (List<Token> sequence : sequences) {
            branches.add(new Branch(sequence, fromStart, toEnd));
        }
        return branches;
    }

    private static List<List<Token>> product(List<List<Token>> before, List<List<Token>> after) {
        requireFewAlternatives((long) before.size() * after.size());
        List<List<Token>> product = new ArrayList<>();
        for (List<Token> head : before) {
            for (List<Token> tail : after) {
                List<Token> both = new ArrayList<>(head);
                both.addAll(tail);
                requireFew(both);
                product.add(both);
            }
        }
        return product;
    }

    private List<List<Token>> quantified() {
        List<List<Token>> atom = atom();
        if (at >= text.length() || "*+?{".indexOf(text.charAt(at)) < 0) {
            return atom;
        }
        char quantifier = text.charAt(at++);
        if (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
            throw notUnderstood("two quantifiers after each other");
        }
        if (quantifier == '?') {
            List<List<Token>> optional = new ArrayList<>(atom);
            optional.add(List.of());
            return optional;
        }
        if (quantifier == '{'
                || atom.size() != 1
                || atom.getFirst().size() != 1
                || atom.getFirst().getFirst().repeated()) {
            throw notUnderstood("a repeated group, or a counted repetition");
        }
        Token token = atom.getFirst().getFirst();
        return List.of(quantifier == '*' ? List.of(token.asRepeated()) : List.of(token, token.asRepeated()));
    }

    private List<List<Token>> atom() {
        char c = text.charAt(at++);
        return switch (c) {
            case '.' -> one(Token.any(false));
            case '[' -> one(bracket());
            case '(' -> group();
            case '\\' -> one(escaped());
            case '^' -> throw notUnderstood("a '^' that is not at the beginning");
            case '*', '+', '?' -> throw new Stop(new Malformed("a quantifier with nothing before it"));
            case '{' -> throw notUnderstood("a '{'");
            default -> one(Token.literal(c));
        };
    }

    private static List<List<Token>> one(Token token) {
        return List.of(List.of(token));
    }

    private List<List<Token>> group() {
        if (text.startsWith("?", at)) {
            if (!text.startsWith("?:", at)) {
                throw notUnderstood("a group with flags or a name");
            }
            at += 2;
        }
        if (++depth > MAX_DEPTH) {
            throw notUnderstood("groups in groups");
        }
        List<List<Token>> sequences = new ArrayList<>();
        for (Branch branch : branches()) {
            if (branch.fromStart() || branch.toEnd()) {
                throw notUnderstood("'^' or '$' in a group");
            }
            sequences.add(branch.tokens());
        }
        if (at >= text.length()) {
            throw new Stop(new Malformed("a '(' without a ')'"));
        }
        at++;
        depth--;
        return sequences;
    }

    private Token escaped() {
        char c = next();
        return switch (c) {
            case 'd' -> Token.other(PatternReader::isDigit);
            case 'w' -> Token.other(PatternReader::isWord);
            default -> {
                if (isWord(c)) {
                    throw notUnderstood("the escape '\\" + c + "'");
                }
                yield Token.literal(c);
            }
        };
    }

    private Token bracket() {
        if (text.startsWith("^/]", at)) {
            at += 3;
            return Token.withinSegment(false);
        }
        return Token.other(set(true));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    // Sets of characters

    private record Span(char from, char to) {}

    private Chars set(boolean expression) {
        boolean negated = at < text.length() && text.charAt(at) == '^';
        if (negated) {
            at++;
        }
        List<Span> spans = new ArrayList<>();
        while (at >= text.length() || text.charAt(at) != ']' || spans.isEmpty()) {
            if (expression && (text.startsWith("[:", at) || text.startsWith("\\", at) && isWordEscape())) {
                throw notUnderstood("a class in a set");
            }
            char from = member(expression);
            char to = from;
            boolean isRange = text.startsWith("-", at) && !(expression && text.startsWith("-]", at));
            if (isRange) {
                at++;
                to = member(expression);
            }
            spans.add(new Span(from, to));
            if (spans.size() > MAX_TOKENS) {
                throw notUnderstood("a very long set");
            }
        }
        at++;
        List<Span> all = List.copyOf(spans);
        return c -> negated != all.stream().anyMatch(span -> span.from() <= c && c <= span.to());
    }

    private boolean isWordEscape() {
        return at + 1 < text.length() && isWord(text.charAt(at + 1));
    }

    private char member(boolean expression) {
        char c = next();
        if (!expression && (c == '-' || c == ']')) {
            throw new Stop(new Malformed("a set with '" + c + "' where a character is expected"));
        }
        return c == '\\' ? next() : c;
    }

    private char next() {
        if (at >= text.length()) {
            throw new Stop(new Malformed("it ends within a set or after a '\\'"));
        }
        return text.charAt(at++);
    }

    private static void requireFew(List<Token> tokens) {
        if (tokens.size() > MAX_TOKENS) {
            throw notUnderstood("more than " + MAX_TOKENS + " characters");
        }
    }

    private static void requireFewAlternatives(long count) {
        if (count > MAX_ALTERNATIVES) {
            throw notUnderstood("more than " + MAX_ALTERNATIVES + " alternatives");
        }
    }

    private static Stop notUnderstood(String what) {
        return new Stop(new NotUnderstood(what));
    }
}
