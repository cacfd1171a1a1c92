package dev.postern.fetch.client;

import dev.postern.fetch.Validators;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPInputStream;

/** What came of asking a publisher. */
public sealed interface Fetched {

    /**
     * An answer, whole.
     *
     * @param file where its bytes are
     * @param gzip whether they are compressed
     * @param validators by what the publisher knows the answer
     * @param at of when it is
     */
    record Body(Path file, boolean gzip, Validators validators, Instant at) implements Fetched {
        /** Its content. */
        public InputStream open() throws IOException {
            InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
            try {
                return gzip ? new GZIPInputStream(bytes) : bytes;
            } catch (IOException e) {
                bytes.close();
                throw e;
            }
        }
    }

    /** The publisher says that nothing has changed. */
    record Unchanged() implements Fetched {}

    /** There is no answer, or none of use; {@code why} says what happened. */
    record Failed(String why) implements Fetched {}
}
