package dev.postern.audit.replay;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a replay came to.
 *
 * @param events how many events were decided again, or left out
 * @param same how many of them would be decided as they were
 * @param changes how many would be decided otherwise, by what differs
 * @param leftOut how many could not be decided again, by the reason
 * @param otherLines lines that are other output of the server
 * @param badLines lines that are no events
 * @param named where the first of those are: {@code file:line}
 */
public record ReplayReport(
        long events,
        long same,
        Map<Change, Long> changes,
        SortedMap<String, Long> leftOut,
        long otherLines,
        long badLines,
        List<String> named) {

    /** Keeps its own copies. */
    public ReplayReport {
        changes = Map.copyOf(changes);
        named = List.copyOf(named);
    }

    /** How many would be decided otherwise. */
    public long changed() {
        return changes.values().stream().mapToLong(Long::longValue).sum();
    }
}
