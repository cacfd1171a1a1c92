package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rules that do nothing, or more than anybody means: what ended, stands twice, lies within another, admits whom the deny
 * list refuses, or admits half the world. In time proportional to sorting the rules; what was found in rules that are the
 * same as the last time is kept. For one thread at a time.
 */
public final class RuleWarnings {

    /** A /8 of IPv4: what was given away at once when there was enough, and is not since 2011. */
    private static final int WIDEST_IPV4 = 8;
    /** A /16 of IPv6: the most that a registry gives away at once (ARIN's Number Resource Policy Manual, 6.5.2.1). */
    private static final int WIDEST_IPV6 = 16;

    /** Of rules that mean the same at any time and under any zones. A section whose document has not changed is the same. */
    private Map<NetworkRules, Warnings> kept = new IdentityHashMap<>();

    /** What looks like a mistake at this instant: no more than a hundred of a kind, and how many more there are. */
    public static List<Problem> of(Policy policy, Instant now) {
        return new RuleWarnings().find(policy, now);
    }

    /** What looks like a mistake at this instant: no more than a hundred of a kind, and how many more there are. */
    public List<Problem> find(Policy policy, Instant now) {
        ZoneRanges zones = new ZoneRanges(policy);
        Warnings all = new Warnings();
        Map<NetworkRules, Warnings> keep = new IdentityHashMap<>();
        NetworkSection.of(policy).map(NetworkSection::rules).forEach(rules -> {
            Warnings found = Optional.ofNullable(kept.get(rules)).orElseGet(() -> new Section(now, zones).check(rules));
            all.addAll(found);
            if (meansTheSameAlways(rules)) {
                keep.put(rules, found);
            }
        });
        kept = keep;
        List<Problem> problems = new ArrayList<>(all.list());
        zones.leftOut()
                .ifPresent(rule -> problems.add(new Problem(
                        Problem.Severity.WARNING,
                        rule.position(),
                        rule.text()
                                + " is not held against the other rules, nor are zones after it: too many rules name"
                                + " too large zones")));
        return problems;
    }

    private static boolean meansTheSameAlways(NetworkRules rules) {
        return Stream.concat(allowing(rules), denying(rules))
                .allMatch(rule -> rule.isPermanent() && !(rule.matcher() instanceof Rule.ZoneMatcher));
    }

    private static Stream<Rule> allowing(NetworkRules rules) {
        return Stream.concat(
                rules.allow().map(RuleList::rules).orElse(List.of()).stream(),
                rules.onTrial().allow().rules().stream());
    }

    private static Stream<Rule> denying(NetworkRules rules) {
        return Stream.concat(rules.deny().rules().stream(), rules.onTrial().deny().rules().stream());
    }

    /** What has all that comes by this. */
    static Rule.Matcher all(Rule.Via via) {
        return switch (via) {
            case Rule.ViaEndpoint by -> new Rule.EndpointMatcher(by.endpoint());
            case Rule.ViaLink by -> new Rule.LinkMatcher(by.link());
        };
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

    /** The rules of one network section. */
    private static final class Section {
        private final Instant now;
        private final ZoneRanges zones;
        private final Warnings warnings = new Warnings();

        Section(Instant now, ZoneRanges zones) {
            this.now = now;
            this.zones = zones;
        }

        private Warnings check(NetworkRules rules) {
            List<Rule> allow = inForceOrToCome(allowing(rules));
            List<Rule> deny = inForceOrToCome(denying(rules));
            new Overlaps("allow", zones, warnings).check(allow);
            new Overlaps("deny", zones, warnings).check(deny);
            allow.forEach(this::checkWidth);
            List<Rule> denying = deny.stream().filter(Overlaps::alwaysCounts).toList();
            if (!allow.isEmpty() && !denying.isEmpty()) {
                new DeniedRules(denying, zones, warnings).check(allow);
            }
            return warnings.isEmpty() ? Warnings.NONE : warnings;
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
    }
}
