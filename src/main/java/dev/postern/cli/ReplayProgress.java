package dev.postern.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** Says how far a replay has come: on a terminal on one line, once a second; else on lines of their own, every ten. */
final class ReplayProgress implements AutoCloseable {

    private static final long MEBIBYTE = 1024 * 1024;

    private final PrintWriter err;
    private final long all;
    private final boolean isTerminal;
    private final long pause;
    private final long begun = System.nanoTime();
    private long last = begun;
    private boolean shown;

    /**
     * Progress of so many bytes.
     *
     * @param all how many there are; 0 where that is not known
     */
    ReplayProgress(PrintWriter err, long all) {
        this.err = err;
        this.all = all;
        this.isTerminal = Terminal.isThere();
        this.pause = (isTerminal ? Duration.ofSeconds(1) : Duration.ofSeconds(10)).toNanos();
    }

    /** So many bytes were read. */
    void read(long bytes) {
        long now = System.nanoTime();
        if (now - last < pause) {
            return;
        }
        last = now;
        shown = true;
        String text = "postern: " + bytes / MEBIBYTE + " MiB"
                + (all > 0 ? " of " + all / MEBIBYTE + " (" + bytes * 100 / all + " %)" : "") + " in "
                + Duration.ofNanos(now - begun).toSeconds() + " s";
        if (isTerminal) {
            err.print("\r" + text + "   ");
        } else {
            err.println(text);
        }
        err.flush();
    }

    @Override
    public void close() {
        if (shown && isTerminal) {
            err.println();
        }
    }
}
