package dev.postern.cli;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Colours for what a person looks for first: what was granted, and what was refused. */
final class Paint {

    private static final Pattern GOOD =
            Pattern.compile("^(granted|passed|good)\\b|^  \\+ .*|\\[grants]", Pattern.MULTILINE);
    private static final Pattern BAD =
            Pattern.compile("^(refused|unknown|FAILED|error)\\b|^  - .*|\\[refuses]", Pattern.MULTILINE);

    private Paint() {}

    /** The text, as the command's output shows it. */
    static String on(CommandLine command, String text) {
        Ansi ansi = command.getColorScheme().ansi();
        return ansi.enabled() ? painted(text) : text;
    }

    private static String painted(String text) {
        String half = GOOD.matcher(text).replaceAll(found -> wrapped(found, "32"));
        return BAD.matcher(half).replaceAll(found -> wrapped(found, "31"));
    }

    private static String wrapped(MatchResult found, String colour) {
        return Matcher.quoteReplacement("\u001b[" + colour + "m" + found.group() + "\u001b[0m");
    }
}
