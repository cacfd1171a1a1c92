package dev.postern.cli;

import dev.postern.setup.StartFault;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code postern}: the command that holds the others. */
@Command(
        name = "postern",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "The back gate of a container registry: tokens for callers who may, from where they may.",
        footer = {
            "",
            "Exit codes: 0 done; 1 the answer is no, or something failed; 64 wrong usage;",
            "78 the configuration is at fault."
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
            HealthCommand.class,
        })
public final class PosternCommand {

    /** The exit code that means: do not exit, the server goes on. */
    public static final int STILL_RUNNING = -1;

    /** Wrong usage ({@code EX_USAGE} of sysexits). */
    static final int WRONG_USAGE = 64;

    /** The configuration is at fault ({@code EX_CONFIG} of sysexits). */
    static final int CONFIGURATION_AT_FAULT = 78;

    /** Runs the command line; returns the exit code. */
    public static int execute(String... args) {
        CommandLine commandLine = commandLine();
        if (args.length == 0) {
            commandLine.usage(commandLine.getErr());
            return WRONG_USAGE;
        }
        return commandLine.execute(args);
    }

    /** The command line with its exit codes. */
    static CommandLine commandLine() {
        return new CommandLine(new PosternCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, rejected) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("postern: " + e.getMessage());
                    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
                    err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
                    return WRONG_USAGE;
                })
                .setExecutionExceptionHandler((e, command, result) -> {
                    if (e instanceof StartFault fault) {
                        command.getErr().println("postern: " + fault.why());
                        return CONFIGURATION_AT_FAULT;
                    }
                    throw e;
                });
    }
}
