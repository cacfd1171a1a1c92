package dev.postern.cli;

import dev.postern.audit.AuditDetails;
import dev.postern.source.Source;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What there is most of among decisions: bounded, for as many different ones as there may be. */
final class Leaders {

    private static final int MOST_COUNTED = 10_000;
    private static final int SECONDS = 10;

    private final int rows;
    private final Map<String, Long> outcomes = new HashMap<>();
    private final Map<String, Long> refusedSources = new HashMap<>();
    private final Map<String, Long> accounts = new HashMap<>();
    private final ArrayDeque<String> refusals = new ArrayDeque<>();
    private final ArrayDeque<long[]> seconds = new ArrayDeque<>();
    private long all;

    /** So many rows of each. */
    Leaders(int rows) {
        this.rows = rows;
    }

    void add(AuditDetails event) {
        all++;
        count(
                outcomes,
                event.text("outcome").orElse("") + " " + event.text("reason").orElse(""));
        event.event()
                .subject()
                .ifPresent(subject -> count(accounts, subject.account().isEmpty() ? "anonymous" : subject.account()));
        if (event.event().refused()) {
            count(refusedSources, source(event));
            refusals.addFirst(TopCommand.line(event));
            while (refusals.size() > rows) {
                refusals.removeLast();
            }
        }
        long second = event.event().time().getEpochSecond();
        if (seconds.isEmpty() || seconds.getLast()[0] != second) {
            seconds.addLast(new long[] {second, 0});
        }
        seconds.getLast()[1]++;
        while (seconds.size() > SECONDS) {
            seconds.removeFirst();
        }
    }

    private static void count(Map<String, Long> counts, String name) {
        if (counts.size() >= MOST_COUNTED && !counts.containsKey(name)) {
            // Those that are seen once only make room.
            counts.values().removeIf(count -> count == 1);
            if (counts.size() >= MOST_COUNTED) {
                return;
            }
        }
        counts.merge(name, 1L, Long::sum);
    }

    /** What is shown, from top to bottom. */
    List<String> lines(Instant now) {
        List<String> lines = new ArrayList<>();
        long recent = seconds.stream()
                .filter(second -> second[0] > now.getEpochSecond() - SECONDS)
                .mapToLong(second -> second[1])
                .sum();
        lines.add("postern top   " + all + " decisions, " + String.format("%.1f", recent / (double) SECONDS)
                + " a second");
        table("outcomes", outcomes, lines);
        table("accounts", accounts, lines);
        table("refused sources", refusedSources, lines);
        lines.add("");
        lines.add("the last refusals");
        refusals.forEach(line -> lines.add("  " + line));
        return lines;
    }

    private void table(String title, Map<String, Long> counts, List<String> lines) {
        lines.add("");
        lines.add(title);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(rows)
                .forEach(entry -> lines.add(String.format("%10d", entry.getValue()) + "  " + entry.getKey()));
    }

    /** The address that was judged, or what is known instead. */
    static String source(AuditDetails event) {
        return switch (event.event().source()) {
            case Source.PublicSource known -> known.address().toString();
            case Source.PrivateSource known ->
                known.observed().or(known::originator).map(Object::toString).orElse("-") + "@" + known.endpoint();
            case Source.UnknownSource unknown -> "unknown:" + unknown.why().wireName();
        };
    }
}
