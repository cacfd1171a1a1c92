package dev.postern.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands as fish completes them; picocli has scripts for bash and zsh only. */
final class FishCompletion {

    private final StringBuilder script = new StringBuilder();

    private FishCompletion() {}

    /** The script for this command and those below it. */
    static String of(CommandLine root) {
        FishCompletion completion = new FishCompletion();
        completion.script.append("""
                # Completion of postern's commands, for fish.
                function __postern_path
                    set -l words (commandline -opc)
                    set -l path
                    for word in $words[2..-1]
                        string match -q -- '-*' $word; or set -a path $word
                    end
                    string join ' ' -- $path
                end
                function __postern_at
                    set -l path (__postern_path)
                    test "$path" = "$argv[1]"; or string match -q -- "$argv[1] *" "$path"; or test -z "$argv[1]"
                end
                function __postern_is
                    set -l path (__postern_path)
                    test "$path" = "$argv[1]"
                end
                complete -c postern -f
                """);
        completion.command("", root);
        return completion.script.toString();
    }

    private void command(String path, CommandLine command) {
        Map<String, CommandLine> commands = new LinkedHashMap<>(command.getSubcommands());
        commands.forEach((name, sub) ->
                line("__postern_is", path, "-a " + name + " -d " + quoted(summary(sub.getCommandSpec()))));
        CommandSpec spec = command.getCommandSpec();
        String within = commands.isEmpty() ? "__postern_at" : "__postern_is";
        spec.options().stream().filter(option -> !option.hidden()).forEach(option -> line(within, path, of(option)));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String values = values(parameter);
            if (!values.isEmpty()) {
                line(within, path, values);
            }
        }
        commands.forEach((name, sub) -> command((path + " " + name).strip(), sub));
    }

    private static String of(OptionSpec option) {
        List<String> parts = new ArrayList<>();
        for (String name : option.names()) {
            parts.add((name.startsWith("--") ? "-l " : "-s ") + name.replaceFirst("^-+", ""));
        }
        if (option.arity().max() > 0) {
            String values = values(option);
            // Exclusive: neither another option nor a file, unless a file is what it takes.
            parts.add(values.equals("-F") ? "-r" : "-x");
            parts.add(values);
        }
        parts.add("-d " + quoted(option.description().length == 0 ? "" : option.description()[0]));
        parts.removeIf(String::isEmpty);
        return String.join(" ", parts);
    }

    /** What may stand there: known words, or files. */
    private static String values(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            List<String> words = new ArrayList<>();
            argument.completionCandidates().forEach(words::add);
            return "-a " + quoted(String.join(" ", words));
        }
        boolean isPath = argument.type() == Path.class
                || List.of(argument.auxiliaryTypes()).contains(Path.class)
                || argument.paramLabel().equals("PATH");
        return isPath ? "-F" : "";
    }

    private static String summary(CommandSpec command) {
        String[] header = command.usageMessage().header();
        String[] description = header.length == 0 ? command.usageMessage().description() : header;
        return description.length == 0 ? "" : description[0];
    }

    private void line(String test, String path, String what) {
        script.append("complete -c postern -n ")
                .append(quoted(test + " " + (path.isEmpty() ? "''" : "\"" + path + "\"")))
                .append(' ')
                .append(what)
                .append('\n');
    }

    /** In single quotes; the first sentence only, which is what fits beside a word. */
    private static String quoted(String text) {
        String first = text.startsWith("__")
                ? text
                : text.replaceFirst("(?s)[.;:] .*$", "").replaceFirst("\\.$", "");
        return "'" + first.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
