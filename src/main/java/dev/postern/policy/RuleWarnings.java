package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rules that do nothing, or more than anybody means: what ended, stands twice, lies within another, admits whom the deny
 * list refuses, or admits half the world. In time proportional to sorting the rules.
 */
public final class RuleWarnings {

    /** A /8 of IPv4: what was given away at once when there was enough, and is not since 2011. */
    private static final int WIDEST_IPV4 = 8;
    /** A /16 of IPv6: the most that a registry gives away at once (ARIN's Number Resource Policy Manual, 6.5.2.1). */
    private static final int WIDEST_IPV6 = 16;

    private final Instant now;
    private final ZoneRanges zones;
    private final Warnings warnings = new Warnings();

    private RuleWarnings(Policy policy, Instant now) {
        this.now = now;
        this.zones = new ZoneRanges(policy);
    }

    /** What looks like a mistake at this instant: no more than a hundred of a kind, and how many more there are. */
    public static List<Problem> of(Policy policy, Instant now) {
        RuleWarnings found = new RuleWarnings(policy, now);
        NetworkSection.of(policy).map(NetworkSection::rules).forEach(found::check);
        List<Problem> all = new ArrayList<>(found.warnings.list());
        found.zones
                .leftOut()
                .ifPresent(rule -> all.add(new Problem(
                        Problem.Severity.WARNING,
                        rule.position(),
                        rule.text()
                                + " is not held against the other rules, nor are zones after it: too many rules name"
                                + " too large zones")));
        return all;
    }

    /** What has all that comes by this. */
    static Rule.Matcher all(Rule.Via via) {
        return switch (via) {
            case Rule.ViaEndpoint by -> new Rule.EndpointMatcher(by.endpoint());
            case Rule.ViaLink by -> new Rule.LinkMatcher(by.link());
        };
    }

    private void check(NetworkRules rules) {
        List<Rule> allow = inForceOrToCome(all(
                rules.allow().map(RuleList::rules).orElse(List.of()),
                rules.onTrial().allow().rules()));
        List<Rule> deny =
                inForceOrToCome(all(rules.deny().rules(), rules.onTrial().deny().rules()));
        new Overlaps("allow", zones, warnings).check(allow);
        new Overlaps("deny", zones, warnings).check(deny);
        allow.forEach(this::checkWidth);
        List<Rule> denying = deny.stream().filter(Overlaps::alwaysCounts).toList();
        if (!allow.isEmpty() && !denying.isEmpty()) {
            new DeniedRules(denying, zones, warnings).check(allow);
        }
    }

    private static Stream<Rule> all(List<Rule> enforced, List<Rule> onTrial) {
        return Stream.concat(enforced.stream(), onTrial.stream());
    }

    private List<Rule> inForceOrToCome(Stream<Rule> rules) {
        List<Rule> left = new ArrayList<>();
        rules.forEach(rule -> {
            if (rule.until().isPresent() && !now.isBefore(rule.until().get())) {
                warnings.add(
                        Warnings.Kind.ENDED,
                        rule,
                        () -> "ended at " + rule.until().get() + ": it matches nobody any more");
            } else {
                left.add(rule);
            }
        });
        return left;
    }

    private void checkWidth(Rule rule) {
        Optional<AddressRange> wide = switch (rule.matcher()) {
            case Rule.AddressMatcher m -> Optional.of(m.range()).filter(RuleWarnings::isWide);
            case Rule.ZoneMatcher m -> zones.first(rule, RuleWarnings::isWide);
            case Rule.EndpointMatcher m -> Optional.empty();
            case Rule.LinkMatcher m -> Optional.empty();
            case Rule.OriginatorMatcher m -> Optional.empty();
        };
        wide.ifPresent(range -> warnings.add(Warnings.Kind.WIDE, rule, () -> wide(rule, range)));
    }

    private static boolean isWide(AddressRange range) {
        return range.isWiderThan(widest(range));
    }

    private static int widest(AddressRange range) {
        return switch (range.family()) {
            case IPV4 -> WIDEST_IPV4;
            case IPV6 -> WIDEST_IPV6;
        };
    }

    private static String wide(Rule rule, AddressRange range) {
        String family = range.family() == Address.Family.IPV4 ? "IPv4" : "IPv6";
        String what = AddressRange.EVERYTHING.contains(range)
                ? "every " + family + " address"
                : "more " + family + " addresses than a /" + widest(range);
        return rule.matcher() instanceof Rule.AddressMatcher ? "admits " + what : "admits " + what + " (" + range + ")";
    }
}
