package dev.postern.audit.sink;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Syslog over a stream, with counted octets (RFC 6587, section 3.4.1; RFC 5425 over TLS). A stream that has ended is opened again. What
 * its other side had not read when it went away is gone: syslog has no word for "taken".
 */
public final class SyslogStream implements Sink {

    /** A way to open the stream. */
    public interface Opener {
        /** Opens it, within a bound of time. */
        Line open() throws IOException;

        /** What is opened, for a log line. */
        String name();
    }

    /** An open stream. */
    public interface Line extends AutoCloseable {
        /** Whether the other side has ended it, as far as that can be seen. */
        boolean isEnded() throws IOException;

        /** Writes all of it; blocks for as long as the other side does not read. */
        void write(byte[] bytes) throws IOException;

        @Override
        void close();
    }

    private final Opener opener;
    private volatile @Nullable Line line;

    /** A stream that is opened so. */
    public SyslogStream(Opener opener) {
        this.opener = opener;
    }

    @Override
    public Taken write(byte[] lines, int length) {
        try {
            Line to = line;
            if (to != null && to.isEnded()) {
                close();
                to = null;
            }
            if (to == null) {
                to = opener.open();
                line = to;
            }
            to.write(Frames.counted(lines, length));
            return Taken.ALL;
        } catch (IOException e) {
            close();
            return new Taken.Later(
                    "syslog at " + opener.name() + ": " + e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        Line open = line;
        line = null;
        if (open != null) {
            open.close();
        }
    }
}
