package dev.postern.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The word by which people sign in to the console, in a file. Read anew when it is asked for, at most once a second: another word is
 * good at once, and where the file is gone or holds none, none is. Only its digest is kept.
 */
public final class ConsoleToken {

    /** A shorter word could be guessed. */
    public static final int LEAST = 16;

    /** A longer one is no word. */
    public static final int MOST = 1024;

    private static final Duration KEPT = Duration.ofSeconds(1);

    private final Path file;
    private Instant readAt = Instant.EPOCH;
    private Optional<Digest> known = Optional.empty();

    /** The word of this file. */
    public ConsoleToken(Path file) {
        this.file = file;
    }

    /** The SHA-256 of a word. */
    record Digest(byte[] bytes) {
        static Digest of(String word) {
            try {
                return new Digest(MessageDigest.getInstance("SHA-256").digest(word.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        /** Takes as long wherever they differ. */
        boolean is(Digest other) {
            return MessageDigest.isEqual(bytes, other.bytes);
        }

        @Override
        public String toString() {
            return "Digest[withheld]";
        }
    }

    /** What is wrong with the file, without what is in it; empty where it holds a word. */
    public Optional<String> fault() {
        try {
            int length = read().length();
            return length < LEAST || length > MOST
                    ? Optional.of(
                            file + " holds " + (length > MOST ? "more than " + MOST : length) + " characters; expected "
                                    + LEAST + " to " + MOST + " in one line, such as: openssl rand -hex 32")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** The digest of the word as it is now, if there is one. */
    synchronized Optional<Digest> current(Instant now) {
        if (readAt.plus(KEPT).isAfter(now) && !readAt.isAfter(now)) {
            return known;
        }
        readAt = now;
        try {
            String word = read();
            known = word.length() < LEAST || word.length() > MOST ? Optional.empty() : Optional.of(Digest.of(word));
        } catch (IOException e) {
            known = Optional.empty();
        }
        return known;
    }

    /** Whether this is the word. */
    public boolean isShown(String shown, Instant now) {
        return current(now).filter(word -> word.is(Digest.of(shown))).isPresent();
    }

    /** The first line, blanks at its ends left out. */
    private String read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(4 * MOST), StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("").strip();
        }
    }
}
