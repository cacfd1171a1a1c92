package dev.postern.policy;

import dev.postern.address.AddressRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of one list that stand twice, or of which another rule that always counts has all. Found in one sweep over the
 * rules by their first address: the rule that reaches farthest of those before has a range, or none has.
 */
final class Overlaps {

    /**
     * By the first address; of one first address the widest first; of one range the rules that always count first. What
     * is left keeps its order, and that is the document's.
     */
    private static final Comparator<Entry> SWEEP = Comparator.comparing((Entry entry) -> entry.range.first())
            .thenComparing(entry -> entry.range.last(), Comparator.reverseOrder())
            .thenComparing(entry -> !entry.counts());

    private final String list;
    private final Warnings warnings;

    Overlaps(String list, Warnings warnings) {
        this.list = list;
        this.warnings = warnings;
    }

    /** Addresses, and the rule that speaks of them; a zone's are many. */
    private record Entry(AddressRange range, Rule rule) {
        /** Whether it always counts: then what lies within it adds nothing. */
        boolean counts() {
            return rule.isPermanent() && rule.enforcement() == Rule.Enforcement.ENFORCE;
        }

        boolean isZones() {
            return rule.matcher() instanceof Rule.ZoneMatcher;
        }
    }

    /** Two rules of one matcher that agree in these are one too many. */
    private record Terms(Optional<Instant> from, Optional<Instant> until, Rule.Enforcement enforcement) {
        static Terms of(Rule rule) {
            return new Terms(rule.from(), rule.until(), rule.enforcement());
        }
    }

    void check(List<Rule> rules) {
        List<Entry> addresses = new ArrayList<>(rules.size());
        Map<Rule.Via, List<Entry>> originators = new LinkedHashMap<>();
        Map<Rule.Matcher, List<Rule>> named = new LinkedHashMap<>();
        Set<Zone> zones = new HashSet<>();
        for (Rule rule : rules) {
            switch (rule.matcher()) {
                case Rule.AddressMatcher m -> addresses.add(new Entry(m.range(), rule));
                case Rule.OriginatorMatcher m ->
                    originators
                            .computeIfAbsent(m.via(), via -> new ArrayList<>())
                            .add(new Entry(m.range(), rule));
                case Rule.ZoneMatcher m -> {
                    named.computeIfAbsent(m, matcher -> new ArrayList<>()).add(rule);
                    boolean counts = rule.isPermanent() && rule.enforcement() == Rule.Enforcement.ENFORCE;
                    if (counts && zones.add(m.zone())) {
                        m.zone().addresses().ranges().forEach(range -> addresses.add(new Entry(range, rule)));
                    }
                }
                case Rule.EndpointMatcher m ->
                    named.computeIfAbsent(m, matcher -> new ArrayList<>()).add(rule);
                case Rule.LinkMatcher m ->
                    named.computeIfAbsent(m, matcher -> new ArrayList<>()).add(rule);
            }
        }
        sweep(addresses);
        originators.values().forEach(this::sweep);
        named.values().forEach(this::checkSame);
    }

    private void sweep(List<Entry> entries) {
        entries.sort(SWEEP);
        Optional<Entry> farthest = Optional.empty();
        Map<Terms, Rule> same = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            boolean first = i == 0 || !entries.get(i - 1).range.equals(entry.range);
            if (first) {
                same.clear();
            }
            boolean alone = first
                    && (i + 1 == entries.size() || !entries.get(i + 1).range.equals(entry.range));
            Optional<Rule> earlier = alone || entry.isZones()
                    ? Optional.empty()
                    : Optional.ofNullable(same.putIfAbsent(Terms.of(entry.rule), entry.rule));
            if (earlier.isPresent()) {
                twice(entry.rule, earlier.get());
            } else if (farthest.isPresent() && !entry.isZones() && has(farthest.get(), entry)) {
                within(entry.rule, farthest.get().rule);
            }
            if (entry.counts()
                    && (farthest.isEmpty()
                            || entry.range.last().compareTo(farthest.get().range.last()) > 0)) {
                farthest = Optional.of(entry);
            }
        }
    }

    private static boolean has(Entry wide, Entry narrow) {
        return wide.range.contains(narrow.range.first()) && wide.range.contains(narrow.range.last());
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
