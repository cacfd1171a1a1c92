package dev.postern.policy.writing;

import dev.postern.address.AddressRange;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Single words of YAML 1.1, in printable ASCII. */
public final class YamlText {

    /** A longer remark helps nobody, and may be an attempt to hide what follows it. */
    private static final int MAX_REMARK = 200;

    /** What needs no quotes in a flow map, and is no number, date or list. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/@-]*");

    /** Words that YAML takes for something else than themselves. */
    private static final Set<String> RESERVED = Set.of("y", "n", "yes", "no", "true", "false", "on", "off", "null");

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    private YamlText() {}

    /** The text as one scalar, in quotes where it needs them. */
    public static String scalar(String text) {
        return PLAIN.matcher(text).matches() && !RESERVED.contains(text.toLowerCase(Locale.ROOT)) ? text : quoted(text);
    }

    /** The range as one scalar: IPv6 has colons. */
    public static String scalar(AddressRange range) {
        String text = range.toString();
        return text.indexOf(':') < 0 ? text : quoted(text);
    }

    /** The text, cut short, as one scalar. */
    public static String remark(String text) {
        return scalar(cut(text));
    }

    /** The text, cut short, as it can stand behind a {@code #}. */
    public static String comment(String text) {
        StringBuilder out = new StringBuilder();
        cut(text).codePoints().forEach(c -> out.append(isPrintable(c) ? (char) c : '?'));
        return out.toString();
    }

    private static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= MAX_REMARK) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, MAX_REMARK)) + "...";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (isPrintable(c)) {
                out.append((char) c);
            } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                // Half of a pair is no character; YAML has no way to write it.
                out.append("\\uFFFD");
            } else if (c <= 0xffff) {
                out.append(String.format("\\u%04X", c));
            } else {
                out.append(String.format("\\U%08X", c));
            }
        });
        return out.append('"').toString();
    }

    private static boolean isPrintable(int c) {
        return c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE;
    }
}
