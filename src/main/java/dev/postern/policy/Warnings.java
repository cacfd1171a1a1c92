package dev.postern.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Collects warnings of rules, of each kind so many as a person reads, and counts the others. */
final class Warnings {

    private static final int MAX_OF_A_KIND = 100;

    private final List<Problem> told = new ArrayList<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, Position> firstUntold = new EnumMap<>(Kind.class);

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
            told.add(new Problem(Problem.Severity.WARNING, rule.position(), rule.text() + " " + words.get()));
        } else {
            firstUntold.putIfAbsent(kind, rule.position());
        }
    }

    List<Problem> list() {
        List<Problem> all = new ArrayList<>(told);
        firstUntold.forEach((kind, position) -> all.add(new Problem(
                Problem.Severity.WARNING,
                position,
                "and " + (counts.getOrDefault(kind, 0) - MAX_OF_A_KIND) + " more " + kind.words)));
        return all;
    }
}
