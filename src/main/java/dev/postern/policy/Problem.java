package dev.postern.policy;

import java.util.Comparator;

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

    /** Takes control characters out of the message, which repeats words of the document. */
    public Problem {
        message = message.replaceAll("\\p{Cc}", "?");
    }

    @Override
    public String toString() {
        return position + ": " + (severity == Severity.ERROR ? "error: " : "warning: ") + message;
    }
}
