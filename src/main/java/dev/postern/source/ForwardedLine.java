package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.source.ForwardingElements.Element;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One line of a {@code Forwarded} header (RFC 7239 section 4): elements of parameters, values as tokens or quoted strings.
 *
 * <p>A line that is not by the grammar is one element that names nobody: where a quote is open, nothing in the line is what
 * it seems to be, and a caller must not be able to swallow what a proxy appended to its words.
 */
final class ForwardedLine {

    /** As long as the whole header may be, and a stop for what nobody sends. */
    private static final int MAX_ELEMENTS = 4096;

    private final String text;
    private int at;

    private ForwardedLine(String text) {
        this.text = text;
    }

    /** Where an element stands, and the value of {@code for} in it. */
    private record Node(int from, int to, Optional<String> value) {}

    /** The elements of the line, at least one. Their addresses are read when they are asked for: of thousands, few are. */
    static List<Element> parse(String text) {
        List<Node> nodes = new ForwardedLine(text).nodes();
        if (nodes.isEmpty()) {
            return List.of(new Element(text, Optional.empty()));
        }
        return new AbstractList<>() {
            @Override
            public Element get(int index) {
                Node node = nodes.get(index);
                return new Element(
                        text.substring(node.from, node.to).strip(), node.value.flatMap(ForwardedLine::address));
            }

            @Override
            public int size() {
                return nodes.size();
            }
        };
    }

    /** The elements, or none where the line is not by the grammar. */
    private List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        while (nodes.size() < MAX_ELEMENTS) {
            int from = at;
            Optional<Optional<String>> node = element();
            if (node.isEmpty()) {
                return List.of();
            }
            nodes.add(new Node(from, at, node.get()));
            if (at == text.length()) {
                return nodes;
            }
            at++;
        }
        return List.of();
    }

    /** Reads up to a comma or the end: the value of {@code for}, where it stands; empty where the grammar is broken. */
    private Optional<Optional<String>> element() {
        Optional<String> node = Optional.empty();
        Set<String> names = new HashSet<>();
        while (true) {
            skipBlanks();
            if (atEndOfElement()) {
                // An empty element names nobody; a semicolon at the end of one changes nothing.
                return Optional.of(node);
            }
            String name = token().toLowerCase(Locale.ROOT);
            if (name.isEmpty() || !names.add(name) || at == text.length() || text.charAt(at) != '=') {
                return Optional.empty();
            }
            at++;
            Optional<String> value = value();
            if (value.isEmpty()) {
                return Optional.empty();
            }
            if (name.equals("for")) {
                node = value;
            }
            skipBlanks();
            if (atEndOfElement()) {
                return Optional.of(node);
            }
            if (text.charAt(at) != ';') {
                return Optional.empty();
            }
            at++;
        }
    }

    private Optional<String> value() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        String token = token();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    /** A quoted string (RFC 9110 section 5.6.4); {@link #at} is at its opening quote. */
    private Optional<String> quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return Optional.of(value.toString());
            }
            if (c == '\\') {
                at++;
                if (at == text.length()) {
                    return Optional.empty();
                }
                c = text.charAt(at);
            }
            if (c < ' ' && c != '\t' || c == 0x7f) {
                return Optional.empty();
            }
            value.append(c);
        }
        return Optional.empty();
    }

    private String token() {
        int from = at;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean atEndOfElement() {
        return at == text.length() || text.charAt(at) == ',';
    }

    /**
     * The address of a node (RFC 7239 section 6): an IPv4 address or a bracketed IPv6 address, with a port or without.
     * {@code unknown} and obfuscated names are no address.
     */
    private static Optional<Address> address(String node) {
        boolean bareIpv6 = !node.startsWith("[") && node.indexOf(':') != node.lastIndexOf(':');
        return bareIpv6 ? Optional.empty() : ForwardedElement.parse(node);
    }
}
