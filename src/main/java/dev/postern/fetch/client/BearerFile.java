package dev.postern.fetch.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with a bearer token (RFC 6750), read each time: whoever gives out tokens gives out new ones. */
public final class BearerFile {

    private static final int MOST = 16 * 1024;

    private BearerFile() {}

    /** What became of reading it. */
    public sealed interface Outcome {}

    /** The token. */
    public record Read(String token) implements Outcome {
        /** Without the token. */
        @Override
        public String toString() {
            return "Read";
        }
    }

    /** There is none; {@code why} holds nothing of the file. */
    public record NotRead(String why) implements Outcome {}

    /** Reads it. */
    public static Outcome read(Path file) {
        String text;
        try (var in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MOST + 1), StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            return new NotRead("there is no file " + file + " with its token");
        } catch (IOException e) {
            return new NotRead("the file " + file + " with its token cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
        return !text.isEmpty() && text.length() <= MOST && text.chars().allMatch(c -> c > ' ' && c < 0x7f)
                ? new Read(text)
                : new NotRead("the file " + file + " is not a token; expected one line of visible ASCII");
    }
}
