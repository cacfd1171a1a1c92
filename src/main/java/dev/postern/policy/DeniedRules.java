package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of the allow list of which the rules of the deny list, together, leave nothing. */
final class DeniedRules {

    private final ZoneRanges zones;
    private final Warnings warnings;
    private final Denied addresses;
    private final Map<Rule.Via, Denied> originators = new HashMap<>();
    private final Map<Rule.Matcher, Rule> named = new HashMap<>();

    /** By the rules of the deny list that always count. */
    DeniedRules(List<Rule> deny, ZoneRanges zones, Warnings warnings) {
        this.zones = zones;
        this.warnings = warnings;
        List<RuleRange> denied = new ArrayList<>();
        Map<Rule.Via, List<RuleRange>> by = new HashMap<>();
        for (Rule rule : deny) {
            switch (rule.matcher()) {
                case Rule.AddressMatcher m -> denied.add(new RuleRange(m.range(), rule));
                case Rule.ZoneMatcher m -> {
                    if (named.putIfAbsent(m, rule) == null) {
                        zones.rangesOf(rule).forEach(range -> denied.add(new RuleRange(range, rule)));
                    }
                }
                case Rule.OriginatorMatcher m ->
                    by.computeIfAbsent(m.via(), via -> new ArrayList<>()).add(new RuleRange(m.range(), rule));
                case Rule.EndpointMatcher m -> named.putIfAbsent(m, rule);
                case Rule.LinkMatcher m -> named.putIfAbsent(m, rule);
            }
        }
        this.addresses = Denied.of(denied);
        by.forEach((via, ranges) -> originators.put(via, Denied.of(ranges)));
    }

    /**
     * What a deny list has.
     *
     * @param farthest the ranges that reach farther than all before them, by their first address
     * @param all the addresses of all ranges together
     */
    private record Denied(List<RuleRange> farthest, AddressSet all) {

        private static final Denied NOTHING = of(List.of());

        static Denied of(List<RuleRange> denied) {
            List<RuleRange> sorted = new ArrayList<>(denied);
            sorted.sort(RuleRange::compare);
            List<RuleRange> farthest = new ArrayList<>();
            for (RuleRange range : sorted) {
                if (farthest.isEmpty() || range.reachesFartherThan(farthest.getLast())) {
                    farthest.add(range);
                }
            }
            return new Denied(
                    farthest,
                    AddressSet.of(farthest.stream().map(RuleRange::range).toList()));
        }

        boolean hasAll(List<AddressRange> ranges) {
            return !ranges.isEmpty() && ranges.stream().allMatch(all::containsAll);
        }

        /** A rule that has the first address of a range that is denied. */
        Rule first(RuleRange range) {
            int found = Collections.binarySearch(
                    farthest, range, Comparator.comparing(it -> it.range().first()));
            return farthest.get(found >= 0 ? found : -found - 2).rule();
        }
    }

    void check(List<Rule> allow) {
        for (Rule rule : allow) {
            switch (rule.matcher()) {
                case Rule.AddressMatcher m -> check(rule, List.of(m.range()), addresses);
                case Rule.ZoneMatcher m -> {
                    if (!addresses.all().isEmpty()) {
                        check(rule, zones.rangesOf(rule), addresses);
                    }
                }
                case Rule.OriginatorMatcher m -> {
                    if (!checkNamed(rule, RuleWarnings.all(m.via()))) {
                        check(rule, List.of(m.range()), originators.getOrDefault(m.via(), Denied.NOTHING));
                    }
                }
                case Rule.EndpointMatcher m -> checkNamed(rule, m);
                case Rule.LinkMatcher m -> checkNamed(rule, m);
            }
        }
    }

    private boolean checkNamed(Rule rule, Rule.Matcher matcher) {
        Optional<Rule> denying = Optional.ofNullable(named.get(matcher));
        denying.ifPresent(it -> warn(rule, it));
        return denying.isPresent();
    }

    private void check(Rule rule, List<AddressRange> ranges, Denied denied) {
        if (denied.hasAll(ranges)) {
            warn(rule, denied.first(new RuleRange(ranges.getFirst(), rule)));
        }
    }

    private void warn(Rule rule, Rule denying) {
        warnings.add(
                Warnings.Kind.DENIED,
                rule,
                () -> "admits nobody: the 'deny' list has all of it, by " + denying.text() + " (" + denying.position()
                        + ")");
    }
}
