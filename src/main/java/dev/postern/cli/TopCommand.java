package dev.postern.cli;

import dev.postern.audit.AuditDetails;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern top}: decisions as they are made. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows decisions as they are made: on a terminal what there is most of, anew every second; else a line for each.",
            "Ends with the end of standard input, or when it is interrupted."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there is no more to show"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern top",
            "  postern top --once --from-start audit.jsonl",
            "  postern top --output json | jq -r 'select(.outcome == \"refused\") | .decision'"
        })
final class TopCommand implements Callable<Integer> {

    private static final long PAUSE_MILLIS = 200;
    private static final long REDRAW_NANOS = 1_000_000_000L;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Mixin
    ConfigOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The audit file, followed as it grows and is put aside; '-' is standard input. Default:"
                    + " postern.audit.file.path.")
    @Nullable
    Path file;

    @Option(names = "--from-start", description = "Begins with what is in the file already, and not with what comes.")
    boolean fromStart;

    @Option(names = "--once", description = "Ends at the end of what there is.")
    boolean once;

    @Option(names = "--plain", description = "A line for each decision, on a terminal, too.")
    boolean plain;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "8",
            description = "So many of each are shown on a terminal: 1 to 100. Default: 8.")
    int rows;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        if (rows < 1 || rows > 100) {
            throw new ParameterException(spec.commandLine(), "--rows expects 1 to 100");
        }
        Path followed = file == null ? AuditFiles.current(options) : file;
        boolean isStandard = followed.toString().equals("-");
        PrintWriter out = spec.commandLine().getOut();
        boolean drawn = !plain && !output.isJson() && Terminal.isThere();
        Leaders leaders = new Leaders(rows);
        try (LineFollower lines =
                isStandard ? LineFollower.of(System.in) : LineFollower.of(followed, fromStart || once)) {
            long last = 0;
            while (true) {
                if (out.checkError()) {
                    // Nobody reads it any more.
                    return ExitCode.BROKEN_PIPE.code();
                }
                LineFollower.Next next = lines.next();
                switch (next) {
                    case LineFollower.Text text ->
                        AuditDetails.read(text.line()).ifPresent(event -> {
                            if (drawn) {
                                leaders.add(event);
                            } else {
                                out.println(output.isJson() ? Json.line(event.fields()) : Shown.plain(line(event)));
                                out.flush();
                            }
                        });
                    case LineFollower.Nothing nothing -> {
                        if (once) {
                            draw(drawn, leaders, out);
                            return 0;
                        }
                        Thread.sleep(PAUSE_MILLIS);
                    }
                    case LineFollower.End end -> {
                        draw(drawn, leaders, out);
                        return 0;
                    }
                }
                if (drawn && System.nanoTime() - last > REDRAW_NANOS) {
                    last = System.nanoTime();
                    draw(true, leaders, out);
                }
            }
        } catch (IOException e) {
            throw new CommandFault(
                    ExitCode.UNREADABLE,
                    AuditFiles.name(followed) + " cannot be read ("
                            + e.getClass().getSimpleName() + "); expected an audit file, or '-' for standard input");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static void draw(boolean drawn, Leaders leaders, PrintWriter out) {
        if (drawn) {
            out.print(CLEAR);
            leaders.lines(Instant.now()).forEach(line -> out.println(Shown.plain(line)));
            out.flush();
        }
    }

    /** {@code 12:00:00Z refused address-not-listed 192.0.2.50 user:acme/alice repository:acme/app:pull 0123456789abcdef}. */
    static String line(AuditDetails event) {
        String asked = String.join(
                " ",
                event.scopes().stream()
                        .map(scope -> scope.substring(0, scope.indexOf(" -> ")))
                        .toList());
        return event.event().time() + " " + event.text("outcome").orElse("") + " "
                + event.text("reason").orElse("") + " " + Leaders.source(event) + " "
                + event.text("subject").orElse("-") + " " + (asked.isEmpty() ? "login" : asked) + " "
                + event.text("decision").orElse("-");
    }
}
