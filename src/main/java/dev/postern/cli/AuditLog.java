package dev.postern.cli;

import dev.postern.audit.AuditReader;
import dev.postern.audit.AuditRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Audit events from files, one line at a time. What is no event is counted: lines that are no JSON are the server's other output,
 * the rest is named with its place.
 */
final class AuditLog {

    private static final int MAX_LINE = 1024 * 1024;
    private static final long MAX_BYTES = 16L * 1024 * 1024 * 1024;
    private static final int MAX_NAMED = 20;

    private final PrintWriter err;
    private long events;
    private long otherOutput;
    private long bad;
    private long bytes;

    /** Names what it cannot read to this writer. */
    AuditLog(PrintWriter err) {
        this.err = err;
    }

    /** A file cannot be read, or no more of it shall be; the message says which and why. */
    static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        private final ExitCode exitCode;

        Stopped(ExitCode exitCode, String why) {
            super(why, null, false, false);
            this.exitCode = exitCode;
        }

        ExitCode exitCode() {
            return exitCode;
        }
    }

    /** Takes events; throws where it takes no more. */
    interface Taker {
        /** Takes the event; says why it is none, after all, where it is none. */
        Optional<String> take(AuditRecord event) throws Stopped;
    }

    /** Reads the files, {@code -} for standard input, one after the other. */
    void read(List<Path> files, Function<String, InputStream> standardInput, Taker taker) throws Stopped {
        for (Path file : files) {
            boolean standard = file.toString().equals("-");
            String name = standard ? "standard input" : file.toString();
            try (InputStream in = standard ? standardInput.apply(name) : Files.newInputStream(file)) {
                read(name, in, taker);
            } catch (NoSuchFileException e) {
                throw new Stopped(ExitCode.UNREADABLE, "there is no file " + name);
            } catch (IOException e) {
                throw new Stopped(
                        ExitCode.UNREADABLE,
                        name + " cannot be read: " + e.getClass().getSimpleName());
            }
        }
    }

    private void read(String name, InputStream in, Taker taker) throws IOException, Stopped {
        BoundedLines lines = new BoundedLines(in, MAX_LINE);
        for (Optional<BoundedLines.Line> next = lines.next(); next.isPresent(); next = lines.next()) {
            if (bytes + lines.bytes() > MAX_BYTES) {
                throw new Stopped(
                        ExitCode.UNREADABLE,
                        name + ": the files hold more than " + MAX_BYTES / 1024 / 1024 / 1024 + " GiB");
            }
            String place = name + ":" + next.get().number();
            if (next.get().text().isEmpty()) {
                reject(place, "not UTF-8, or longer than " + MAX_LINE / 1024 / 1024 + " MiB");
                continue;
            }
            String line = next.get().text().get().strip();
            if (line.startsWith("{")) {
                event(place, line, taker);
            } else {
                otherOutput += line.isEmpty() ? 0 : 1;
            }
        }
        bytes += lines.bytes();
    }

    private void event(String place, String line, Taker taker) throws Stopped {
        switch (AuditReader.read(line)) {
            case AuditReader.Event read -> {
                Optional<String> why = taker.take(read.event());
                why.ifPresentOrElse(text -> reject(place, text), () -> events++);
            }
            case AuditReader.Malformed malformed -> reject(place, malformed.why());
        }
    }

    private void reject(String place, String why) {
        bad++;
        if (bad <= MAX_NAMED) {
            err.println(place + ": warning: not an audit event, and left out: " + why);
        }
    }

    /** What was read, in words. */
    String summary() {
        return count(events, "audit event")
                + (otherOutput == 0 ? "" : ", " + count(otherOutput, "line") + " of other output")
                + (bad == 0 ? "" : ", " + count(bad, "bad line") + ", left out");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
