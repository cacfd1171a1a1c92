package dev.postern.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Collects warnings of rules, of each kind so many as a person reads, and counts the others. */
final class Warnings {

    /** None; not to be added to. */
    static final Warnings NONE = new Warnings();

    private static final int MAX_OF_A_KIND = 100;

    private final List<Told> told = new ArrayList<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, Position> firstUntold = new EnumMap<>(Kind.class);

    private record Told(Kind kind, Problem problem) {}

    /** What is the matter with a rule. */
    enum Kind {
        ENDED("rules that ended"),
        TWICE("rules that stand twice"),
        WITHIN("rules that lie within another"),
        DENIED("rules that admit nobody whom the deny list leaves"),
        WIDE("rules that admit too much");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** The words are made only where they are told. */
    void add(Kind kind, Rule rule, Supplier<String> words) {
        if (counts.merge(kind, 1, Integer::sum) <= MAX_OF_A_KIND) {
            told.add(new Told(
                    kind, new Problem(Problem.Severity.WARNING, rule.position(), rule.text() + " " + words.get())));
        } else {
            firstUntold.putIfAbsent(kind, rule.position());
        }
    }

    /** Adds what was collected elsewhere, as if it had been found here. */
    void addAll(Warnings other) {
        for (Told its : other.told) {
            if (counts.merge(its.kind(), 1, Integer::sum) <= MAX_OF_A_KIND) {
                told.add(its);
            } else {
                firstUntold.putIfAbsent(its.kind(), its.problem().position());
            }
        }
        other.firstUntold.forEach((kind, position) -> {
            counts.merge(kind, other.counts.getOrDefault(kind, 0) - MAX_OF_A_KIND, Integer::sum);
            firstUntold.putIfAbsent(kind, position);
        });
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    List<Problem> list() {
        List<Problem> all = new ArrayList<>(told.stream().map(Told::problem).toList());
        firstUntold.forEach((kind, position) -> all.add(new Problem(
                Problem.Severity.WARNING,
                position,
                "and " + (counts.getOrDefault(kind, 0) - MAX_OF_A_KIND) + " more " + kind.words)));
        return all;
    }
}
