package dev.postern.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The lines of a file as it grows, over the times that it is put aside and begun anew; or those of a stream, to its end. */
abstract sealed class LineFollower implements AutoCloseable {

    private static final int MAX_LINE = 1024 * 1024;
    private static final int BUFFER = 64 * 1024;

    private final byte[] buffer = new byte[BUFFER];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
    private int at;
    private int end;

    /** What there is. */
    sealed interface Next {}

    /** A line, without its end; one that is longer than any event is cut. */
    record Text(String line) implements Next {}

    /** Nothing for now. */
    record Nothing() implements Next {}

    /** Nothing any more. */
    record End() implements Next {}

    /** Follows a file: from its beginning, or from what comes. */
    static LineFollower of(Path file, boolean fromStart) throws IOException {
        return new OfFile(file, fromStart);
    }

    /** Reads a stream. */
    static LineFollower of(InputStream in) {
        return new OfStream(in);
    }

    /** Reads some bytes; 0 where there are none for now, -1 where there will be none. */
    abstract int read(byte[] to) throws IOException;

    @Override
    public abstract void close() throws IOException;

    Next next() throws IOException {
        while (true) {
            while (at < end) {
                byte octet = buffer[at++];
                if (octet == '\n') {
                    String text = line.toString(StandardCharsets.UTF_8);
                    line.reset();
                    return new Text(text);
                }
                if (line.size() < MAX_LINE) {
                    line.write(octet);
                }
            }
            int read = read(buffer);
            if (read <= 0) {
                return read < 0 ? new End() : new Nothing();
            }
            at = 0;
            end = read;
        }
    }

    private static final class OfStream extends LineFollower {
        private final InputStream in;

        OfStream(InputStream in) {
            this.in = in;
        }

        @Override
        int read(byte[] to) throws IOException {
            return in.read(to);
        }

        @Override
        public void close() {
            // Standard input is not this command's to close.
        }
    }

    private static final class OfFile extends LineFollower {
        private final Path file;
        private RandomAccessFile open;
        private @Nullable Object key;

        OfFile(Path file, boolean fromStart) throws IOException {
            this.file = file;
            this.open = new RandomAccessFile(file.toFile(), "r");
            this.key = key(file);
            if (!fromStart) {
                open.seek(open.length());
            }
        }

        private static @Nullable Object key(Path file) throws IOException {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        }

        @Override
        int read(byte[] to) throws IOException {
            if (open.length() < open.getFilePointer()) {
                // It was emptied in place.
                open.seek(0);
            }
            int read = open.read(to);
            if (read > 0) {
                return read;
            }
            try {
                Object now = key(file);
                if (!Objects.equals(now, key)) {
                    int rest = open.read(to);
                    if (rest > 0) {
                        // Written before it was put aside.
                        return rest;
                    }
                    open.close();
                    open = new RandomAccessFile(file.toFile(), "r");
                    key = now;
                    return Math.max(0, open.read(to));
                }
            } catch (NoSuchFileException | FileNotFoundException e) {
                // Put aside, and not begun yet.
                return 0;
            }
            return 0;
        }

        @Override
        public void close() throws IOException {
            open.close();
        }
    }
}
