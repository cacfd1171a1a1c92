package dev.postern.policy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Texts of others as visible ASCII, so that no two become one: the rest is percent-encoded UTF-8. */
public final class Printable {

    private static final String HEX = "0123456789ABCDEF";

    private Printable() {}

    /**
     * The text in that form.
     *
     * @param most how many characters it may have
     * @return empty where it has none, more, or a surrogate without its other half
     */
    public static Optional<String> encode(String text, int most) {
        if (text.isEmpty() || text.length() > most) {
            return Optional.empty();
        }
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException unpaired) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder(bytes.remaining());
        while (bytes.hasRemaining()) {
            int b = bytes.get() & 0xff;
            if (isPlain(b)) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xf));
            }
        }
        return Optional.of(out.toString());
    }

    /** Whether the text is in that form. */
    static boolean isEncoded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()
                        || HEX.indexOf(text.charAt(i + 1)) < 0
                        || HEX.indexOf(text.charAt(i + 2)) < 0) {
                    return false;
                }
                i += 2;
            } else if (!isPlain(c)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Visible ASCII, but for the escape itself and what JSON would escape. */
    private static boolean isPlain(int c) {
        return c > 0x20 && c < 0x7f && c != '%' && c != '"' && c != '\\';
    }
}
