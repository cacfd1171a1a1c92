package dev.postern.decision;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a token is asked for: {@code type:name:action,action} (Distribution specification, token scope documentation).
 *
 * @param type {@code repository}, {@code registry} or a type that grants nothing
 * @param name the resource's name; may hold a host and port before the repository's path
 * @param actions the actions, sorted, each once
 */
public record Scope(String type, String name, SortedSet<String> actions) {

    /** What became of reading a scope. */
    public sealed interface Syntax {}

    /** The text is a scope. */
    public record Parsed(Scope scope) implements Syntax {}

    /** The text is none. */
    public record Malformed(String why) implements Syntax {}

    /** The form, for error texts. */
    public static final String FORM = "type:name:actions, such as repository:acme/app:pull,push";

    private static final int MAX_PATH = 255;
    private static final int MAX_NAME = 255 + 1 + MAX_PATH;
    private static final int MAX_ACTIONS = 32;

    /** Each quantifier is possessive: a hostile name cannot make the matching backtrack. */
    private static final Pattern HOST = Pattern.compile("(?:[a-z0-9][a-z0-9.-]*+|\\[[0-9a-f:]++\\])(?::[0-9]{1,5})?");

    /** Keeps its own sorted copy. */
    public Scope {
        actions = Collections.unmodifiableSortedSet(new TreeSet<>(actions));
    }

    /** A scope of these actions. */
    public static Scope of(String type, String name, Set<String> actions) {
        return new Scope(type, name, new TreeSet<>(actions));
    }

    /**
     * Reads a scope. The type ends at the first colon and the actions begin at the last, because a name may hold a port.
     * A class, {@code type(class)}, is accepted and ignored; an empty list of actions is one.
     */
    public static Syntax parse(String text) {
        int first = text.indexOf(':');
        int last = text.lastIndexOf(':');
        if (first == last) {
            return new Malformed("expected " + FORM);
        }
        int endOfType = alphanumerics(text, 0);
        if (endOfType == 0 || endOfType != first && !isClass(text, endOfType, first)) {
            return new Malformed("the type is not lower-case letters and digits; expected " + FORM);
        }
        String name = text.substring(first + 1, last);
        if (!isName(name)) {
            return new Malformed("the name is not a repository name (lower-case letters and digits, joined by '.', '_',"
                    + " '__' or '-', segments by '/', 255 characters at most); expected " + FORM);
        }
        TreeSet<String> actions = new TreeSet<>();
        for (int from = last + 1; from <= text.length(); ) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            if (end > from) {
                if (!isAction(text, from, end) || actions.size() == MAX_ACTIONS) {
                    return new Malformed(
                            "the actions are not lower-case letters or '*', separated by commas; expected " + FORM);
                }
                actions.add(text.substring(from, end));
            }
            from = end + 1;
        }
        return new Parsed(new Scope(text.substring(0, endOfType), name, actions));
    }

    /** The class of a resource, in parentheses, from here to there. */
    private static boolean isClass(String text, int from, int to) {
        return to - from > 2
                && text.charAt(from) == '('
                && text.charAt(to - 1) == ')'
                && alphanumerics(text, from + 1) == to - 1;
    }

    private static boolean isAction(String text, int from, int to) {
        if (to - from == 1 && text.charAt(from) == '*') {
            return true;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < 'a' || text.charAt(i) > 'z') {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        int slash = name.indexOf('/');
        int from = slash >= 0 && looksLikeHost(name.substring(0, slash)) ? slash + 1 : 0;
        if (name.length() - from > MAX_PATH) {
            return false;
        }
        for (int end = from - 1; end < name.length(); ) {
            end = endOfSegment(name, end + 1);
            if (end < 0 || end < name.length() && name.charAt(end) != '/') {
                return false;
            }
        }
        return true;
    }

    /**
     * Where the segment of a repository's name that begins here ends: lower-case letters and digits, joined by one dot, one or
     * two underscores, or hyphens. Negative where there is none.
     */
    private static int endOfSegment(String name, int from) {
        int at = from;
        while (true) {
            int end = alphanumerics(name, at);
            if (end == at) {
                return -1;
            }
            at = endOfSeparator(name, end);
            if (at == end) {
                return end;
            }
        }
    }

    private static int endOfSeparator(String name, int from) {
        if (from == name.length()) {
            return from;
        }
        switch (name.charAt(from)) {
            case '.' -> {
                return from + 1;
            }
            case '_' -> {
                return name.startsWith("__", from) ? from + 2 : from + 1;
            }
            case '-' -> {
                int at = from + 1;
                while (at < name.length() && name.charAt(at) == '-') {
                    at++;
                }
                return at;
            }
            default -> {
                return from;
            }
        }
    }

    /** Where the lower-case letters and digits that begin here end. */
    private static int alphanumerics(String text, int from) {
        int at = from;
        while (at < text.length() && isAlphanumeric(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    /** As in image references: a first segment with a dot or a colon, or localhost, is a host. */
    private static boolean looksLikeHost(String segment) {
        boolean marked = segment.indexOf('.') >= 0 || segment.indexOf(':') >= 0 || segment.equals("localhost");
        return marked && HOST.matcher(segment).matches();
    }

    /** The text that {@link #parse} reads back. */
    @Override
    public String toString() {
        return type + ":" + name + ":" + String.join(",", actions);
    }
}
