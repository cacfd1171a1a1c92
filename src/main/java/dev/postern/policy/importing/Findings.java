package dev.postern.policy.importing;

import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import dev.postern.policy.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Collects what an import could not say, and what stops it. */
final class Findings {

    /** Past this many of a kind, the rest is counted. */
    private static final int MAX = 1_000;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int moreErrors;
    private int moreWarnings;
    private Position last = new Position("input", 1, 1);

    /** Stops the import. */
    void error(Position position, String message) {
        last = position;
        if (errors.size() < MAX) {
            errors.add(new Problem(Severity.ERROR, position, message));
        } else {
            moreErrors++;
        }
    }

    /** Says what was left out, or what a person should look at. */
    void warning(Position position, String message) {
        last = position;
        Problem problem = new Problem(Severity.WARNING, position, message);
        if (warnings.contains(problem)) {
            return;
        }
        if (warnings.size() < MAX) {
            warnings.add(problem);
        } else {
            moreWarnings++;
        }
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** All of them, by place. */
    List<Problem> sorted() {
        Stream<Problem> more = Stream.of(
                        rest(Severity.ERROR, moreErrors, "errors"), rest(Severity.WARNING, moreWarnings, "warnings"))
                .flatMap(List::stream);
        return Stream.concat(
                        Stream.concat(errors.stream(), warnings.stream())
                                .sorted(Comparator.comparing(
                                                (Problem p) -> p.position().file())
                                        .thenComparingInt(p -> p.position().line())
                                        .thenComparingInt(p -> p.position().column())),
                        more)
                .toList();
    }

    private List<Problem> rest(Severity severity, int count, String what) {
        return count == 0 ? List.of() : List.of(new Problem(severity, last, "and " + count + " more " + what));
    }

    /** Bounds what a hostile text can put into a message; {@link Problem} takes its control characters. */
    static String shown(String text) {
        return "'" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
    }
}
