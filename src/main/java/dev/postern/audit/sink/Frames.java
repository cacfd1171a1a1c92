package dev.postern.audit.sink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The lines of a batch, as messages. */
final class Frames {

    /** Takes a message: its bytes, without the line's end. */
    interface Taker<E extends Exception> {
        void take(byte[] batch, int from, int length) throws E;
    }

    private Frames() {}

    /** Gives each message to the taker, in order. */
    static <E extends Exception> void each(byte[] lines, int length, Taker<E> taker) throws E {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (lines[i] == '\n') {
                taker.take(lines, from, i - from);
                from = i + 1;
            }
        }
    }

    /** Each message after its length, in octets, and a space (RFC 6587, section 3.4.1). */
    static byte[] counted(byte[] lines, int length) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream(length + 1024);
        each(lines, length, (batch, from, size) -> {
            frames.writeBytes((size + " ").getBytes(StandardCharsets.US_ASCII));
            frames.write(batch, from, size);
        });
        return frames.toByteArray();
    }
}
