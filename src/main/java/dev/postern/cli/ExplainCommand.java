package dev.postern.cli;

import dev.postern.audit.AuditDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern explain}: what was decided under an id, and why. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says what was decided under an id, and why: the id is in the refusal, in the header X-Postern-Decision, and in the"
                    + " audit event."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was found", "1:no audit event has that id"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern explain 7f3k9q0c2m5v8w1x",
            "  postern explain 7f3k9q0c2m5v8w1x /var/log/postern.log audit.jsonl.1.gz",
            "  journalctl -u postern -o cat | postern explain 7f3k9q0c2m5v8w1x - --output json"
        })
final class ExplainCommand implements Callable<Integer> {

    private static final int MAX_LINE = 1024 * 1024;
    private static final Pattern ID = Pattern.compile("[0-9a-hjkmnp-tv-z]{16}");

    @Mixin
    ConfigOptions options;

    @Parameters(index = "0", paramLabel = "ID", description = "The decision's id: 16 letters and digits.")
    String id;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "FILE",
            description =
                    "Where to look: audit files or the server's output, also compressed by gzip; '-' is standard input."
                            + " Default: postern.audit.file.path, and those that were put aside before it.")
    List<Path> files = new ArrayList<>();

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    private Optional<Path> inAnotherForm = Optional.empty();

    @Override
    public Integer call() {
        if (!ID.matcher(id).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + Shown.plain(id) + "' is not a decision's id; expected 16 letters and digits such as"
                            + " 7f3k9q0c2m5v8w1x");
        }
        List<Path> where = files.isEmpty() ? AuditFiles.ofSettings(options) : files;
        if (where.isEmpty()) {
            throw new CommandFault(
                    ExitCode.UNREADABLE,
                    "there is no audit file at " + AuditFiles.current(options)
                            + "; name files, or set postern.audit.sinks to have one (file)");
        }
        for (Path file : where) {
            Optional<AuditDetails> found;
            try {
                found = find(file);
            } catch (IOException e) {
                throw new CommandFault(
                        ExitCode.UNREADABLE,
                        Files.exists(file)
                                ? AuditFiles.name(file) + " cannot be read ("
                                        + e.getClass().getSimpleName() + ")"
                                : "there is no file " + file);
            }
            if (found.isPresent()) {
                print(found.get());
                return 0;
            }
        }
        throw new CommandFault(
                ExitCode.NO,
                "no audit event has the id " + id + " in "
                        + String.join(", ", where.stream().map(AuditFiles::name).toList())
                        + inAnotherForm
                                .map(file -> "; " + AuditFiles.name(file)
                                        + " has it in a line of another form, and only events"
                                        + " of postern.audit.format 'postern' are read back")
                                .orElse(""));
    }

    private Optional<AuditDetails> find(Path file) throws IOException {
        try (InputStream in = AuditFiles.open(file)) {
            BoundedLines lines = new BoundedLines(in, MAX_LINE);
            for (Optional<BoundedLines.Line> next = lines.next(); next.isPresent(); next = lines.next()) {
                String line = next.get().text().orElse("");
                if (!line.contains(id)) {
                    continue;
                }
                // What stands before it is a syslog header, or a container engine's.
                Optional<AuditDetails> event = AuditDetails.read(line.substring(Math.max(0, line.indexOf('{'))))
                        .filter(read -> read.text("decision").equals(Optional.of(id)));
                if (event.isPresent()) {
                    return event;
                }
                inAnotherForm = Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private void print(AuditDetails event) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(Json.text(event.fields()));
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("decision " + id + " at " + event.event().time() + ", door "
                + event.event().door()
                + event.text("policy").map(version -> ", policy " + version).orElse(""));
        lines.add("subject: " + event.text("subject").orElse("not known")
                + event.text("credential").map(how -> " (" + how + ")").orElse(""));
        event.scopes().forEach(scope -> lines.add("asked: " + scope));
        event.lines().forEach(lines::add);
        event.text("reason").ifPresent(reason -> lines.add("what to do: docs/reasons.md#" + reason));
        lines.forEach(line -> out.println(Paint.on(spec.commandLine(), Shown.lines(line))));
    }
}
