package dev.postern.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What the commands say of themselves. */
public final class CommandHelp {

    private static final Pattern EXAMPLE =
            Pattern.compile("^  (?:.* [|] |source <\\()?postern ((?:'[^']*'|[^|) ]+ ?)+)");
    private static final Pattern WORD = Pattern.compile("'[^']*'|[^ ]+");

    private CommandHelp() {}

    /** The text of {@code --help} of each command, by its name; those that hold others, and {@code help}, included. */
    public static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        walk(PosternCommand.commandLine(), texts);
        return texts;
    }

    private static void walk(CommandLine command, Map<String, String> texts) {
        texts.put(command.getCommandSpec().qualifiedName(), command.getUsageMessage(Ansi.OFF));
        command.getSubcommands().values().forEach(sub -> walk(sub, texts));
    }

    /** The exit codes and what they mean. */
    public static Map<String, String> exitCodes() {
        return ExitCode.list();
    }

    /** The codes that each command that does something names. */
    public static Map<String, List<String>> codesOfCommands() {
        Map<String, List<String>> codes = new LinkedHashMap<>();
        codes(PosternCommand.commandLine(), codes);
        return codes;
    }

    private static void codes(CommandLine command, Map<String, List<String>> codes) {
        if (command.getSubcommands().isEmpty() && !command.getCommandName().equals("help")) {
            codes.put(
                    command.getCommandSpec().qualifiedName(),
                    new ArrayList<>(command.getCommandSpec()
                            .usageMessage()
                            .exitCodeList()
                            .keySet()));
        }
        command.getSubcommands().values().forEach(sub -> codes(sub, codes));
    }

    /** The words of each example that the commands give, without {@code postern} and what it is joined to. */
    public static List<List<String>> examples() {
        List<List<String>> examples = new ArrayList<>();
        examples(PosternCommand.commandLine(), examples);
        return examples;
    }

    private static void examples(CommandLine command, List<List<String>> examples) {
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            Matcher example = EXAMPLE.matcher(line);
            if (example.find()) {
                examples.add(WORD.matcher(example.group(1).strip())
                        .results()
                        .map(word -> word.group().replace("'", ""))
                        .toList());
            }
        }
        command.getSubcommands().values().forEach(sub -> examples(sub, examples));
    }

    /** Why these are not the words of a command, if they are not. */
    public static Optional<String> problemOf(String... arguments) {
        try {
            PosternCommand.commandLine().parseArgs(arguments);
            return Optional.empty();
        } catch (CommandLine.ParameterException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
