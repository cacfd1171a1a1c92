package dev.postern.audit.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts of one worker: bounded, for as many sources as there may be. */
final class Tally {

    private static final int MOST_CHANGES = 50_000;
    private static final String OTHERS = "others";

    /** A count that grows. */
    static final class Cell {
        private long count;

        void increment() {
            count++;
        }

        long count() {
            return count;
        }
    }

    private final Cell same = new Cell();
    private final Cell bad = new Cell();
    private final Map<Change, Cell> changes = new HashMap<>();
    private final Map<String, Cell> leftOut = new TreeMap<>();

    /** Where events with this verdict are counted. */
    Cell cell(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Same s -> same;
            case Verdict.Bad b -> bad;
            case Verdict.LeftOut left -> leftOut.computeIfAbsent(left.why(), why -> new Cell());
            case Verdict.Otherwise other -> {
                Change change = other.change();
                if (changes.size() >= MOST_CHANGES && !changes.containsKey(change)) {
                    change = new Change(change.kind(), change.account(), change.rule(), OTHERS);
                }
                if (changes.size() >= 2 * MOST_CHANGES && !changes.containsKey(change)) {
                    change = new Change(change.kind(), OTHERS, OTHERS, OTHERS);
                }
                yield changes.computeIfAbsent(change, key -> new Cell());
            }
        };
    }

    /** Where lines that are no events are counted. */
    Cell bad() {
        return bad;
    }

    long same() {
        return same.count();
    }

    Map<Change, Cell> changes() {
        return changes;
    }

    Map<String, Cell> leftOut() {
        return leftOut;
    }
}
