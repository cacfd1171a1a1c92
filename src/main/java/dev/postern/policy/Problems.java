package dev.postern.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Collects the mistakes of one reading, so that a person sees all of them at once. */
public final class Problems {

    /** Past this many, one cause has many effects, and more lines help nobody. */
    private static final int MAX = 100;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** Adds a mistake. */
    public void error(Position position, String message) {
        add(errors, new Problem(Problem.Severity.ERROR, position, message));
    }

    /** Adds a mistake; the words, which take long to find, are found only where they are told. */
    void error(Position position, Supplier<String> message) {
        if (errors.size() < MAX) {
            error(position, message.get());
        }
    }

    /** Adds what looks like a mistake. */
    public void warning(Position position, String message) {
        add(warnings, new Problem(Problem.Severity.WARNING, position, message));
    }

    void add(Problem problem) {
        add(problem.severity() == Problem.Severity.ERROR ? errors : warnings, problem);
    }

    /** Counts the kinds apart, or many warnings would hide an error. */
    private static void add(List<Problem> found, Problem problem) {
        if (found.size() < MAX) {
            found.add(problem);
        }
    }

    /** Whether there is a mistake. */
    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** What was found, in the order of the documents. */
    public List<Problem> sorted() {
        return Stream.concat(errors.stream(), warnings.stream())
                .sorted(Problem.BY_PLACE)
                .toList();
    }

    static Position at(String file, Node node) {
        return at(file, node.getStartMark());
    }

    static Position at(String file, Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
