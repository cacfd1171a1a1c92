package dev.postern.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;

/** {@code postern}: the command that holds the others. */
@Command(
        name = "postern",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "The back gate of a container registry: tokens for callers who may, from where they may.",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern serve --config application.yaml",
            "  postern policy check policy.d",
            "  postern explain 7f3k9q0c2m5v8w1x audit.jsonl",
            "  postern help policy explain",
        },
        subcommands = {
            ServeCommand.class,
            KeyCommand.class,
            KeysCommand.class,
            RevokeCommand.class,
            PolicyCommand.class,
            SourceCommand.class,
            FeedCommand.class,
            ExplainCommand.class,
            ReplayCommand.class,
            TopCommand.class,
            CompletionCommand.class,
            HelpCommand.class,
            HealthCommand.class,
        })
public final class PosternCommand {

    /** The exit code that means: do not exit, the server goes on. */
    public static final int STILL_RUNNING = -1;

    /** Runs the command line; returns the exit code. */
    public static int execute(String... args) {
        StandardOutput output = StandardOutput.ofProcess();
        Ansi ansi = Terminal.isColoured() ? Ansi.ON : Ansi.OFF;
        CommandLine commandLine = commandLine().setColorScheme(Help.defaultColorScheme(ansi));
        PrintWriter err = commandLine.getErr();
        return execute(commandLine, output, err, args);
    }

    /** Runs it with this standard output; a command whose output takes no more ends with the code for that. */
    static int execute(CommandLine commandLine, StandardOutput output, PrintWriter err, String... args) {
        PrintWriter out = output.writer();
        commandLine.setOut(out).setErr(err);
        int exitCode;
        if (args.length == 0) {
            commandLine.usage(err);
            exitCode = ExitCode.WRONG_USAGE.code();
        } else {
            exitCode = commandLine.execute(args);
        }
        out.flush();
        Optional<ExitCode> end = output.end();
        if (end.filter(ExitCode.NOT_WRITTEN::equals).isPresent()) {
            err.println("postern: standard output takes no more (" + output.why() + ")");
        }
        err.flush();
        return end.map(ExitCode::code).orElse(exitCode);
    }

    /** The command line with its exit codes. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new PosternCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> Faults.usage(e, arguments))
                .setExecutionExceptionHandler(Faults::execution);
        commandLine.getCommandSpec().usageMessage().exitCodeList(ExitCode.list());
        ofOneVersion(commandLine);
        return commandLine;
    }

    private static void ofOneVersion(CommandLine command) {
        command.getSubcommands().values().forEach(sub -> {
            sub.getCommandSpec().versionProvider(new Version());
            ofOneVersion(sub);
        });
    }
}
