package dev.postern.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The lines of a stream of UTF-8, of which no more than one is held, and of that no more than a bound. */
final class BoundedLines {

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[64 * 1024];
    private byte[] line = new byte[4 * 1024];
    private int at;
    private int end;
    private long number;
    private long bytes;

    /** Reads lines of up to so many bytes. */
    BoundedLines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param text what it says; empty where it is too long, or no UTF-8
     */
    record Line(long number, Optional<String> text) {}

    /** The next line, none at the end. */
    Optional<Line> next() throws IOException {
        int length = 0;
        boolean tooLong = false;
        boolean something = false;
        while (at < end || fill()) {
            something = true;
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            int part = stop - at;
            tooLong |= length + part > maxBytes;
            if (!tooLong) {
                if (length + part > line.length) {
                    line = Arrays.copyOf(line, Math.min(maxBytes, 2 * (length + part)));
                }
                System.arraycopy(buffer, at, line, length, part);
                length += part;
            }
            boolean ended = stop < end;
            at = ended ? stop + 1 : stop;
            if (ended) {
                break;
            }
        }
        if (!something) {
            return Optional.empty();
        }
        return Optional.of(new Line(++number, tooLong ? Optional.empty() : text(length)));
    }

    /** How many bytes were read. */
    long bytes() {
        return bytes;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        bytes += end;
        return end > 0;
    }

    private Optional<String> text(int length) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
