package dev.postern.cli;

import dev.postern.audit.replay.Replay;
import dev.postern.audit.replay.ReplayReport;
import dev.postern.policy.Policy;
import dev.postern.setup.PolicyTrial;
import dev.postern.setup.PosternConfig;
import dev.postern.setup.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern replay}: what would have been decided otherwise. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Decides the requests of audit files again, each at its own time, by the policy given, and says what would have come"
                    + " out otherwise: by account, by rule and by source."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing would be decided otherwise", "1:something would"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern replay --policy new.yaml",
            "  postern replay --policy new.yaml --output json audit.jsonl audit.jsonl.1.gz"
        })
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Mixin
    PolicyOption policy;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Audit files or the server's output, also compressed by gzip; '-' is standard input. Default:"
                    + " postern.audit.file.path, and those that were put aside before it.")
    List<Path> files = new ArrayList<>();

    @Mixin
    OutputOption output;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "So many accounts, rules and sources at most, those with the most first: 1 to 10000. Default: 20.")
    int top;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        if (top < 1 || top > 10_000) {
            throw new ParameterException(spec.commandLine(), "--top expects 1 to 10000");
        }
        PrintWriter err = spec.commandLine().getErr();
        List<Path> where = files.isEmpty() ? AuditFiles.ofSettings(options) : files;
        if (where.isEmpty()) {
            throw new CommandFault(
                    ExitCode.UNREADABLE, "there is no audit file at " + AuditFiles.current(options) + "; name files");
        }
        options.apply();
        PosternConfig config = Settings.load();
        Policy loaded = policy.load(config);
        ReplayReport report;
        try (ReplayProgress progress = new ReplayProgress(err, bytes(where))) {
            report = new Replay(
                            loaded,
                            PolicyTrial.gate(config),
                            Runtime.getRuntime().availableProcessors())
                    .run(where.stream().map(ReplayCommand::input).toList(), progress::read);
        } catch (Replay.Unreadable e) {
            throw new CommandFault(ExitCode.UNREADABLE, String.valueOf(e.getMessage()));
        }
        report.named()
                .forEach(place -> err.println(Shown.plain(place) + ": warning: not an audit event, and left out"));
        ReplayTables tables = new ReplayTables(report, loaded.version(), top);
        spec.commandLine().getOut().println(output.isJson() ? Json.text(tables.tree()) : tables.text());
        return report.changed() == 0 ? 0 : 1;
    }

    private static Replay.Input input(Path file) {
        return new Replay.Input() {
            @Override
            public String name() {
                return AuditFiles.name(file);
            }

            @Override
            public InputStream open() throws IOException {
                return AuditFiles.open(file);
            }
        };
    }

    /** Of all files together; 0 where that is not known before they are read. */
    private static long bytes(List<Path> files) {
        long sum = 0;
        for (Path file : files) {
            try {
                if (file.toString().equals("-")
                        || file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
                    return 0;
                }
                sum += Files.size(file);
            } catch (IOException e) {
                return 0;
            }
        }
        return sum;
    }
}
