package dev.postern.cli;

import dev.postern.audit.replay.Change;
import dev.postern.audit.replay.ReplayReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A replay's report, as tables. */
final class ReplayTables {

    private final ReplayReport report;
    private final String policy;
    private final int top;

    /** A row: what, and how many of each kind. */
    private record Row(String name, Map<Change.Kind, Long> counts) {
        long sum() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    ReplayTables(ReplayReport report, String policy, int top) {
        this.report = report;
        this.policy = policy;
        this.top = top;
    }

    /** For a person. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(report.events() + " audit events, " + report.changed() + " would be decided otherwise by policy "
                + policy);
        kinds().forEach((kind, count) -> lines.add("  " + padded(count) + "  " + words(kind)));
        report.leftOut().forEach((why, count) -> lines.add("left out: " + count + " " + why));
        if (report.badLines() > 0) {
            lines.add("left out: " + report.badLines() + " lines that are no audit events");
        }
        if (report.changed() > 0) {
            table("account", Change::account, lines);
            table("rule", Change::rule, lines);
            table("source", Change::source, lines);
        }
        return Shown.lines(String.join("\n", lines));
    }

    private void table(String title, Function<Change, String> by, List<String> lines) {
        List<Row> rows = rows(by);
        lines.add("");
        lines.add("by " + title + ":");
        for (Row row : rows.subList(0, Math.min(top, rows.size()))) {
            List<String> kinds = new ArrayList<>();
            row.counts().forEach((kind, count) -> kinds.add(count + " " + kind.wireName()));
            lines.add("  " + padded(row.sum()) + "  " + row.name() + " (" + String.join(", ", kinds) + ")");
        }
        if (rows.size() > top) {
            lines.add("  and " + (rows.size() - top) + " more");
        }
    }

    private Map<Change.Kind, Long> kinds() {
        Map<Change.Kind, Long> kinds = new EnumMap<>(Change.Kind.class);
        report.changes().forEach((change, count) -> kinds.merge(change.kind(), count, Long::sum));
        return kinds;
    }

    private List<Row> rows(Function<Change, String> by) {
        Map<String, Map<Change.Kind, Long>> sums = new HashMap<>();
        report.changes()
                .forEach((change, count) -> sums.computeIfAbsent(
                                by.apply(change), name -> new EnumMap<>(Change.Kind.class))
                        .merge(change.kind(), count, Long::sum));
        return sums.entrySet().stream()
                .map(entry -> new Row(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Row::sum).reversed().thenComparing(Row::name))
                .toList();
    }

    private static String padded(long number) {
        return String.format("%10d", number);
    }

    private static String words(Change.Kind kind) {
        return switch (kind) {
            case REFUSED_NOW -> "refused-now: granted then, refused now";
            case GRANTED_NOW -> "granted-now: refused then, granted now";
            case LESS -> "less: granted less of what was asked for";
            case MORE -> "more: granted more of what was asked for";
            case OTHER_ACTIONS -> "other-actions: granted something else of what was asked for";
            case OTHER_REASON -> "other-reason: refused as before, for another reason";
        };
    }

    /** For a program. */
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("policy", policy);
        tree.put("events", report.events());
        tree.put("same", report.same());
        tree.put("changed", report.changed());
        tree.put("other_lines", report.otherLines());
        tree.put("bad_lines", report.badLines());
        tree.put("left_out", new LinkedHashMap<>(report.leftOut()));
        tree.put("changes", counts(kinds()));
        tree.put("by_account", list(rows(Change::account)));
        tree.put("by_rule", list(rows(Change::rule)));
        tree.put("by_source", list(rows(Change::source)));
        return tree;
    }

    private static Map<String, Object> counts(Map<Change.Kind, Long> kinds) {
        Map<String, Object> counts = new LinkedHashMap<>();
        kinds.forEach((kind, count) -> counts.put(kind.wireName(), count));
        return counts;
    }

    private List<Object> list(List<Row> rows) {
        List<Object> list = new ArrayList<>();
        for (Row row : rows.subList(0, Math.min(top, rows.size()))) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("name", row.name());
            item.put("changed", row.sum());
            item.put("changes", counts(row.counts()));
            list.add(item);
        }
        return list;
    }
}
