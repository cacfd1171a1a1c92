package dev.postern.policy;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A mistake in a policy document, or something that looks like one.
 *
 * @param severity whether the policy can be used all the same
 * @param position where it stands
 * @param message what is wrong and what was expected; never a credential
 */
public record Problem(Severity severity, Position position, String message) {

    /** Whether the policy can be used all the same. */
    public enum Severity {
        /** The policy is not taken. */
        ERROR,
        /** The policy is taken; a person should look. */
        WARNING
    }

    /** By file, line and column; then by message. */
    public static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.position().file())
            .thenComparingInt(problem -> problem.position().line())
            .thenComparingInt(problem -> problem.position().column())
            .thenComparing(Problem::message);

    /** More than this is a document's text, and no explanation of ours. */
    private static final int MOST = 2000;

    /** What ends a line or turns the order of letters around: controls, formats, separators, halves of surrogate pairs. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    /** Bounds the message, which repeats words of the document, and takes out of it what cannot be seen. */
    public Problem {
        String cut = message.length() > MOST ? message.substring(0, MOST) + "…" : message;
        message = UNSEEN.matcher(cut).replaceAll("?");
    }

    @Override
    public String toString() {
        return position + ": " + (severity == Severity.ERROR ? "error: " : "warning: ") + message;
    }
}
