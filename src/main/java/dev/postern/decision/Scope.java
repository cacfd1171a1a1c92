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

    private static final int MAX_NAME = 255 + 1 + 255;
    private static final int MAX_ACTIONS = 32;

    /* Each quantifier is possessive: a hostile name cannot make the matching backtrack. */
    private static final Pattern TYPE = Pattern.compile("([a-z0-9]++)(\\([a-z0-9]++\\))?");
    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+");
    private static final Pattern HOST = Pattern.compile("(?:[a-z0-9][a-z0-9.-]*+|\\[[0-9a-f:]++\\])(?::[0-9]{1,5})?");
    private static final Pattern ACTION = Pattern.compile("[a-z]++|\\*");

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
        var type = TYPE.matcher(text.substring(0, first));
        if (!type.matches()) {
            return new Malformed("the type is not lower-case letters and digits; expected " + FORM);
        }
        String name = text.substring(first + 1, last);
        if (!isName(name)) {
            return new Malformed("the name is not a repository name (lower-case letters and digits, joined by '.', '_',"
                    + " '__' or '-', segments by '/', 255 characters at most); expected " + FORM);
        }
        TreeSet<String> actions = new TreeSet<>();
        for (String action : text.substring(last + 1).split(",", -1)) {
            if (action.isEmpty()) {
                continue;
            }
            if (!ACTION.matcher(action).matches() || actions.size() == MAX_ACTIONS) {
                return new Malformed(
                        "the actions are not lower-case letters or '*', separated by commas; expected " + FORM);
            }
            actions.add(action);
        }
        return new Parsed(new Scope(type.group(1), name, actions));
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        String[] segments = name.split("/", -1);
        int from = segments.length > 1 && looksLikeHost(segments[0]) ? 1 : 0;
        int pathLength = from == 0 ? name.length() : name.length() - segments[0].length() - 1;
        if (pathLength > 255) {
            return false;
        }
        for (int i = from; i < segments.length; i++) {
            if (!SEGMENT.matcher(segments[i]).matches()) {
                return false;
            }
        }
        return true;
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
