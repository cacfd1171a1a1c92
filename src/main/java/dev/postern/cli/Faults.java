package dev.postern.cli;

import dev.postern.policy.Similar;
import dev.postern.setup.StartFault;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What stops a command: said on standard error, in the form that was asked for, and turned into an exit code. */
final class Faults {

    private Faults() {}

    /** A command line that cannot be read. */
    static int usage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        List<String> lines = new ArrayList<>();
        lines.add(String.valueOf(wrong.getMessage()));
        meant(wrong).ifPresent(known -> lines.add("Did you mean: " + known + "?"));
        if (!wantsJson(arguments)) {
            lines.add("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return say(command.getErr(), wantsJson(arguments), ExitCode.WRONG_USAGE, String.join("\n", lines));
    }

    /** A command that could not go on. */
    static int execution(Exception e, CommandLine command, ParseResult parsed) {
        boolean json = wantsJson(parsed.originalArgs().toArray(String[]::new));
        return said(command.getErr(), json, e);
    }

    /** Says what this is, and returns its exit code. */
    static int said(PrintWriter err, boolean json, Exception e) {
        return switch (e) {
            case StartFault fault -> say(err, json, ExitCode.CONFIGURATION, fault.why());
            case CommandFault fault -> say(err, json, fault.exitCode(), fault.why());
            default -> {
                // A person must act on it, and needs the trace to.
                e.printStackTrace(err);
                yield say(
                        err,
                        json,
                        ExitCode.OWN_FAULT,
                        "a fault of Postern's own (" + e.getClass().getSimpleName() + ")");
            }
        };
    }

    static int say(PrintWriter err, boolean json, ExitCode exitCode, String why) {
        err.println(
                json
                        ? new Json()
                                .with("error", why)
                                .with("exit_code", exitCode.code())
                                .line()
                        : "postern: " + why);
        err.flush();
        return exitCode.code();
    }

    /** The commands, options or values that are near to what was written. */
    private static Optional<String> meant(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            return near.isEmpty() ? Optional.empty() : Optional.of(String.join(", or ", near));
        }
        ArgSpec argument = wrong.getArgSpec();
        String value = wrong.getValue();
        if (argument == null || value == null || argument.completionCandidates() == null) {
            return Optional.empty();
        }
        List<String> known = new ArrayList<>();
        argument.completionCandidates().forEach(known::add);
        return Similar.to(value, known)
                .or(() -> known.stream()
                        .filter(each -> value.length() > 2
                                && each.toLowerCase(Locale.ROOT).startsWith(value.toLowerCase(Locale.ROOT)))
                        .findFirst());
    }

    /** Asked of the words themselves: what cannot be read may stand before the option. */
    private static boolean wantsJson(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals(OutputOption.NAME + "=json")
                    || (arguments[i].equals(OutputOption.NAME)
                            && i + 1 < arguments.length
                            && arguments[i + 1].equals("json"))) {
                return true;
            }
        }
        return false;
    }
}
