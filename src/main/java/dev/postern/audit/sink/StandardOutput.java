package dev.postern.audit.sink;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output. The server's other output goes there, too: as long as all is well, lines go by the same stream, so that none of
 * either stands in the middle of another.
 */
public final class StandardOutput implements Sink {

    private final PrintStream shared;
    private final OutputStream bare;
    /** A print stream that failed once says so for ever after. */
    private boolean hasFailed;

    private boolean isTorn;

    /**
     * Standard output.
     *
     * @param shared the stream that others write to as well
     * @param bare the same without anything before it, which says of each write whether it failed
     */
    public StandardOutput(PrintStream shared, OutputStream bare) {
        this.shared = shared;
        this.bare = bare;
    }

    @Override
    public Taken write(byte[] lines, int length) {
        if (!hasFailed) {
            shared.write(lines, 0, length);
            // Flushes, too.
            if (!shared.checkError()) {
                return Taken.ALL;
            }
            hasFailed = true;
            isTorn = true;
            return new Taken.Later("standard output failed");
        }
        try {
            if (isTorn) {
                bare.write('\n');
                isTorn = false;
            }
            bare.write(lines, 0, length);
            bare.flush();
            return Taken.ALL;
        } catch (IOException e) {
            isTorn = true;
            return new Taken.Later("standard output: " + e.getMessage());
        }
    }
}
