package dev.postern.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rules of one list that stand twice, or of which another rule that always counts has all. Found in one sweep over the
 * rules by their first address: the rule that reaches farthest of those before has a range, or none has.
 */
final class Overlaps {

    /**
     * By the first address; of one first address the widest first; of one range the rules that always count first, zones
     * before addresses. What is left keeps its order, and that is the document's.
     */
    private static int inSweep(RuleRange one, RuleRange other) {
        int byRange = RuleRange.compare(one, other);
        if (byRange != 0) {
            return byRange;
        }
        int byCounting = Boolean.compare(alwaysCounts(other.rule()), alwaysCounts(one.rule()));
        return byCounting != 0 ? byCounting : Boolean.compare(other.isZones(), one.isZones());
    }

    private final String list;
    private final ZoneRanges zones;
    private final Warnings warnings;
    private final List<RuleRange> addresses = new ArrayList<>();
    private final Map<String, Rule> permanentZones = new LinkedHashMap<>();
    private final Map<Rule.Via, List<RuleRange>> originators = new LinkedHashMap<>();
    private final Map<Rule.Matcher, List<Rule>> named = new LinkedHashMap<>();

    Overlaps(String list, ZoneRanges zones, Warnings warnings) {
        this.list = list;
        this.zones = zones;
        this.warnings = warnings;
    }

    /** Two rules of one matcher that agree in these are one too many. */
    private record Terms(Optional<Instant> from, Optional<Instant> until, Rule.Enforcement enforcement) {
        static Terms of(Rule rule) {
            return new Terms(rule.from(), rule.until(), rule.enforcement());
        }
    }

    /** What lies within such a rule adds nothing. */
    static boolean alwaysCounts(Rule rule) {
        return rule.isPermanent() && rule.enforcement() == Rule.Enforcement.ENFORCE;
    }

    void check(List<Rule> rules) {
        rules.forEach(this::sort);
        if (!addresses.isEmpty()) {
            permanentZones.forEach(
                    (zone, rule) -> zones.rangesOf(rule).forEach(range -> addresses.add(new RuleRange(range, rule))));
        }
        sweep(addresses);
        originators.forEach((via, entries) -> alwaysCounting(RuleWarnings.all(via))
                .ifPresentOrElse(all -> entries.forEach(entry -> within(entry.rule(), all)), () -> sweep(entries)));
        named.values().forEach(this::checkSame);
    }

    private void sort(Rule rule) {
        switch (rule.matcher()) {
            case Rule.AddressMatcher m -> addresses.add(new RuleRange(m.range(), rule));
            case Rule.OriginatorMatcher m ->
                originators.computeIfAbsent(m.via(), via -> new ArrayList<>()).add(new RuleRange(m.range(), rule));
            case Rule.ZoneMatcher m -> {
                name(rule);
                if (alwaysCounts(rule)) {
                    permanentZones.putIfAbsent(m.zone(), rule);
                }
            }
            case Rule.EndpointMatcher m -> name(rule);
            case Rule.LinkMatcher m -> name(rule);
        }
    }

    private void name(Rule rule) {
        named.computeIfAbsent(rule.matcher(), matcher -> new ArrayList<>()).add(rule);
    }

    private Optional<Rule> alwaysCounting(Rule.Matcher matcher) {
        return named.getOrDefault(matcher, List.of()).stream()
                .filter(Overlaps::alwaysCounts)
                .findFirst();
    }

    private void sweep(List<RuleRange> entries) {
        entries.sort(Overlaps::inSweep);
        Optional<RuleRange> farthest = Optional.empty();
        Map<Terms, Rule> same = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            RuleRange entry = entries.get(i);
            boolean first = i == 0 || !entries.get(i - 1).range().equals(entry.range());
            if (first && !same.isEmpty()) {
                // Emptying one that was large once would take as long every time.
                same = new HashMap<>();
            }
            boolean alone = first
                    && (i + 1 == entries.size() || !entries.get(i + 1).range().equals(entry.range()));
            Optional<Rule> earlier = alone || entry.isZones()
                    ? Optional.empty()
                    : Optional.ofNullable(same.putIfAbsent(Terms.of(entry.rule()), entry.rule()));
            if (earlier.isPresent()) {
                twice(entry.rule(), earlier.get());
            } else if (farthest.isPresent()
                    && !entry.isZones()
                    && farthest.get().contains(entry)) {
                within(entry.rule(), farthest.get().rule());
            }
            if (alwaysCounts(entry.rule()) && (farthest.isEmpty() || entry.reachesFartherThan(farthest.get()))) {
                farthest = Optional.of(entry);
            }
        }
    }

    private void checkSame(List<Rule> rules) {
        Map<Terms, Rule> same = new HashMap<>();
        for (Rule rule : rules) {
            Optional<Rule> earlier = Optional.ofNullable(same.putIfAbsent(Terms.of(rule), rule));
            earlier.ifPresent(it -> twice(rule, it));
        }
        Optional<Rule> always =
                Optional.ofNullable(same.get(new Terms(Optional.empty(), Optional.empty(), Rule.Enforcement.ENFORCE)));
        always.ifPresent(it -> same.values().stream()
                .filter(rule -> !rule.equals(it))
                .sorted(Comparator.comparingInt((Rule rule) -> rule.position().line()))
                .forEach(rule -> within(rule, it)));
    }

    private void twice(Rule rule, Rule earlier) {
        warnings.add(
                Warnings.Kind.TWICE,
                rule,
                () -> "stands twice in the '" + list + "' list; the first is at " + earlier.position());
    }

    private void within(Rule rule, Rule wide) {
        warnings.add(
                Warnings.Kind.WITHIN,
                rule,
                () -> "adds nothing to the '" + list + "' list: " + wide.text() + " has all of it (" + wide.position()
                        + ")");
    }
}
