package dev.postern.audit.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditLog.Taken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Standard output that fails, and comes back. */
class StandardOutputTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean full;

    private final OutputStream out = new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            written.write(bytes, from, length);
        }
    };

    private final StandardOutput sink = new StandardOutput(new PrintStream(out, false, StandardCharsets.US_ASCII), out);

    @Test
    void whatFailedIsTriedLaterAndTakenOnceThereIsRoom() {
        // Given
        assertThat(taken("one\n")).isEqualTo(Taken.ALL);
        full = true;
        assertThat(taken("two\n")).isInstanceOf(Taken.Later.class);
        assertThat(taken("two\n")).isEqualTo(new Taken.Later("standard output: No space left on device"));

        // When
        full = false;
        Taken again = taken("two\n");
        Taken next = taken("three\n");

        // Then: a line that was begun is ended
        assertThat(again).isEqualTo(Taken.ALL);
        assertThat(next).isEqualTo(Taken.ALL);
        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo("one\n\ntwo\nthree\n");
    }

    private Taken taken(String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
        return sink.write(bytes, bytes.length);
    }
}
