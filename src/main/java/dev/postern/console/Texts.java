package dev.postern.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Texts of others, as a page may have them: bounded, and with everything visible that is in them. Escaping is the templates'. */
final class Texts {

    private static final int MOST = 400;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private Texts() {}

    /** The text, cut short; what has no shape of its own, or changes that of others, by its code point. */
    static String shown(String text) {
        return shown(text, MOST);
    }

    static String shown(String text, int most) {
        int end = Math.min(text.length(), most);
        int at = 0;
        while (at < end && isPlain(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(end + 16).append(text, 0, at);
        while (at < text.length()) {
            if (out.length() >= most) {
                return out.append('…').toString();
            }
            int point = text.codePointAt(at);
            if (isVisible(point)) {
                out.appendCodePoint(point);
            } else {
                out.append(String.format("\\u%04X", point));
            }
            at += Character.charCount(point);
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c < 0x7f;
    }

    private static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> point == ' ' || !Character.isSpaceChar(point);
        };
    }

    /** {@code 03:41:07}, in UTC. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** {@code 2026-12-31 03:41:07}, in UTC. */
    static String dateAndTime(Instant instant) {
        return DATE_AND_TIME.format(instant);
    }

    /** {@code 1,234,567}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
