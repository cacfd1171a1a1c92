package dev.postern.audit.replay;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/**
 * The key of a line as Postern writes it: JSON (RFC 8259) without white space, in printable ASCII, of whole numbers. It is taken from
 * the bytes as they are, without making a text of any. A line of another form is not wrong; it is for {@link LineKey}, which takes
 * all forms in five times the time.
 */
final class LineScanner {

    /** No line of this form. */
    static final int OTHER = -1;

    private static final int MAX_DEPTH = 16;
    private static final int LONGEST_NAME = 256;
    private static final byte END = 0;

    /** Bytes that stand for themselves in a string. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        Arrays.fill(PLAIN, ' ', 0x7f, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private static final byte[][] DECIDING =
            LineFields.DECIDING.stream().map(LineScanner::name).toArray(byte[][]::new);
    private static final byte[] SOURCE = name(LineFields.SOURCE);
    private static final byte[] EVIDENCE = name(LineFields.EVIDENCE);
    private static final byte[] TIME = name(LineFields.TIME);

    private final Instant[] turns;
    private byte[] bytes = new byte[0];
    private int end;
    private int at;

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Keys under a policy.
     *
     * @param turns the instants at which a rule of it begins or ends, in order
     */
    LineScanner(Instant[] turns) {
        this.turns = turns;
    }

    /**
     * Reads the line that begins there.
     *
     * @param end where the bytes end
     * @param key what a decision depends on is added to it
     * @return where the line ends; {@link #OTHER} if it is of another form
     */
    int scan(byte[] bytes, int from, int end, Key key) {
        this.bytes = bytes;
        this.end = end;
        this.at = from;
        return event(key) && (at == end || bytes[at] == '\n') ? at : OTHER;
    }

    private boolean event(Key key) {
        boolean timed = false;
        if (!take('{')) {
            return false;
        }
        do {
            int begin = at;
            if (!name() || !take(':')) {
                return false;
            }
            int nameEnd = at - 2;
            int value = at;
            boolean isSource = is(SOURCE, begin + 1, nameEnd);
            if (isSource ? !source(key) : !value(1)) {
                return false;
            }
            if (is(TIME, begin + 1, nameEnd)) {
                timed = bytes[value] == '"' && time(value + 1, at - 1, key);
            } else if (!isSource && isDeciding(begin + 1, nameEnd)) {
                key.add(bytes, begin, at);
                key.add(END);
            }
        } while (take(','));
        return take('}') && timed;
    }

    /** Without the evidence: how the source was found out does not matter. */
    private boolean source(Key key) {
        if (!take('{')) {
            return false;
        }
        do {
            int begin = at;
            if (!name() || !take(':')) {
                return false;
            }
            int nameEnd = at - 2;
            if (!value(2)) {
                return false;
            }
            if (!is(EVIDENCE, begin + 1, nameEnd)) {
                key.add(bytes, begin, at);
                key.add(END);
            }
        } while (take(','));
        return take('}');
    }

    private boolean time(int from, int to, Key key) {
        if (turns.length == 0) {
            return true;
        }
        try {
            int turn = LineFields.turn(turns, new String(bytes, from, to - from, StandardCharsets.US_ASCII));
            for (int shift = 24; shift >= 0; shift -= 8) {
                key.add((byte) (turn >>> shift));
            }
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private boolean isDeciding(int from, int to) {
        for (byte[] name : DECIDING) {
            if (is(name, from, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean is(byte[] name, int from, int to) {
        return to - from == name.length
                && bytes[from] == name[0]
                && Arrays.equals(bytes, from, to, name, 0, name.length);
    }

    private boolean value(int depth) {
        if (at == end) {
            return false;
        }
        return switch (bytes[at]) {
            case '"' -> string();
            case '{' -> depth < MAX_DEPTH && object(depth + 1);
            case '[' -> depth < MAX_DEPTH && array(depth + 1);
            case 't' -> word("true");
            case 'f' -> word("false");
            default -> number();
        };
    }

    private boolean object(int depth) {
        at++;
        if (take('}')) {
            return true;
        }
        do {
            if (!name() || !take(':') || !value(depth)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean array(int depth) {
        at++;
        if (take(']')) {
            return true;
        }
        do {
            if (!value(depth)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    /** One with escapes could be another name than it seems. */
    private boolean name() {
        int begin = at + 1;
        if (!string() || at - begin > LONGEST_NAME) {
            return false;
        }
        for (int i = begin; i < at - 1; i++) {
            if (bytes[i] == '\\') {
                return false;
            }
        }
        return true;
    }

    private boolean string() {
        if (!take('"')) {
            return false;
        }
        byte[] in = bytes;
        int to = end;
        int i = at;
        while (i < to) {
            if (PLAIN[in[i] & 0xff]) {
                i++;
            } else if (in[i] == '"') {
                at = i + 1;
                return true;
            } else {
                i = in[i] == '\\' ? afterEscape(i + 1) : OTHER;
                if (i == OTHER) {
                    return false;
                }
            }
        }
        return false;
    }

    /** Where the string goes on after what the reverse solidus begins. */
    private int afterEscape(int from) {
        if (from >= end) {
            return OTHER;
        }
        if (bytes[from] != 'u') {
            return "\"\\/bfnrt".indexOf(bytes[from]) >= 0 ? from + 1 : OTHER;
        }
        if (from + 4 >= end) {
            return OTHER;
        }
        for (int i = from + 1; i <= from + 4; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                return OTHER;
            }
        }
        return from + 5;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!take(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        int begin = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at > begin && (bytes[begin] != '0' || at == begin + 1) && at - begin < 19;
    }

    private boolean take(char octet) {
        if (at < end && bytes[at] == octet) {
            at++;
            return true;
        }
        return false;
    }
}
