package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the zones of rules hold, so far as it is looked at: ten thousand lists that name one large zone must not make
 * loading take forever.
 */
final class ZoneRanges {

    /** How many ranges are looked at in all, where rules are held against each other. */
    private static final int MAX_RANGES = 2_000_000;

    private final Policy policy;
    private final Map<String, Optional<AddressRange>> wide = new HashMap<>();
    private int left = MAX_RANGES;
    private Optional<Rule> leftOut = Optional.empty();

    ZoneRanges(Policy policy) {
        this.policy = policy;
    }

    /** The ranges of a rule's zone; none when too many were looked at before. */
    List<AddressRange> rangesOf(Rule rule) {
        List<AddressRange> ranges = all(rule);
        if (ranges.size() > left) {
            leftOut = leftOut.or(() -> Optional.of(rule));
            return List.of();
        }
        left -= ranges.size();
        return ranges;
    }

    /** The first range of the rule's zone of which this is so. Each zone is looked at once. */
    Optional<AddressRange> first(Rule rule, Predicate<AddressRange> test) {
        return wide.computeIfAbsent(
                rule.text(), zone -> all(rule).stream().filter(test).findFirst());
    }

    private List<AddressRange> all(Rule rule) {
        return rule.matcher() instanceof Rule.ZoneMatcher matcher
                ? policy.zone(matcher.zone())
                        .map(Zone::addresses)
                        .map(AddressSet::ranges)
                        .orElse(List.of())
                : List.of();
    }

    /** The first rule of those that were not looked at. */
    Optional<Rule> leftOut() {
        return leftOut;
    }
}
