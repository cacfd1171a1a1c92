package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules that do nothing, or more than anybody means: what ended, stands twice, lies within another, admits whom the deny
 * list refuses, or admits half the world. In time proportional to sorting the rules.
 */
public final class RuleWarnings {

    /** More addresses than a /8 of IPv4. */
    private static final int WIDEST_IPV4 = 8;
    /** More addresses than a /20 of IPv6, the largest block that a registry has given away. */
    private static final int WIDEST_IPV6 = 20;

    private final Instant now;
    private final Warnings warnings = new Warnings();

    private RuleWarnings(Instant now) {
        this.now = now;
    }

    /** What looks like a mistake at this instant: no more than a hundred of a kind, and how many more there are. */
    public static List<Problem> of(Policy policy, Instant now) {
        RuleWarnings found = new RuleWarnings(now);
        NetworkSection.of(policy).map(NetworkSection::rules).forEach(found::check);
        return found.warnings.list();
    }

    private void check(NetworkRules rules) {
        List<Rule> allow = inForceOrToCome(all(
                rules.allow().map(RuleList::rules).orElse(List.of()),
                rules.onTrial().allow().rules()));
        List<Rule> deny =
                inForceOrToCome(all(rules.deny().rules(), rules.onTrial().deny().rules()));
        new Overlaps("allow", warnings).check(allow);
        new Overlaps("deny", warnings).check(deny);
        allow.forEach(this::checkWidth);
        if (!rules.deny().rules().isEmpty()) {
            checkDenied(allow, rules.deny());
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
        List<AddressRange> ranges = switch (rule.matcher()) {
            case Rule.AddressMatcher m -> List.of(m.range());
            case Rule.ZoneMatcher m -> m.zone().addresses().ranges();
            case Rule.EndpointMatcher m -> List.of();
            case Rule.LinkMatcher m -> List.of();
            case Rule.OriginatorMatcher m -> List.of();
        };
        for (AddressRange range : ranges) {
            int widest = switch (range.family()) {
                case IPV4 -> WIDEST_IPV4;
                case IPV6 -> WIDEST_IPV6;
            };
            if (range.isWiderThan(widest)) {
                warnings.add(Warnings.Kind.WIDE, rule, () -> wide(rule, range, widest));
                return;
            }
        }
    }

    private static String wide(Rule rule, AddressRange range, int widest) {
        String family = range.family() == Address.Family.IPV4 ? "IPv4" : "IPv6";
        String what = AddressRange.EVERYTHING.contains(range)
                ? "every " + family + " address"
                : "more " + family + " addresses than a /" + widest;
        return rule.matcher() instanceof Rule.AddressMatcher ? "admits " + what : "admits " + what + " (" + range + ")";
    }

    /** The rules of the allow list of which the rules of the deny list that always count leave nothing. */
    private void checkDenied(List<Rule> allow, RuleList deny) {
        List<AddressRange> ranges = new ArrayList<>();
        Set<Rule.Matcher> named = new HashSet<>();
        for (Rule rule : deny.rules()) {
            if (rule.isPermanent()) {
                switch (rule.matcher()) {
                    case Rule.AddressMatcher m -> ranges.add(m.range());
                    case Rule.ZoneMatcher m ->
                        ranges.addAll(m.zone().addresses().ranges());
                    case Rule.EndpointMatcher m -> named.add(m);
                    case Rule.LinkMatcher m -> named.add(m);
                    case Rule.OriginatorMatcher m -> named.add(m);
                }
            }
        }
        AddressSet denied = AddressSet.of(ranges);
        for (Rule rule : allow) {
            switch (rule.matcher()) {
                case Rule.AddressMatcher m -> checkDenied(rule, List.of(m.range()), denied, deny);
                case Rule.ZoneMatcher m ->
                    checkDenied(rule, m.zone().addresses().ranges(), denied, deny);
                default -> {
                    if (named.contains(rule.matcher())) {
                        warnings.add(Warnings.Kind.DENIED, rule, () -> "admits nobody: the 'deny' list has it, too");
                    }
                }
            }
        }
    }

    private void checkDenied(Rule rule, List<AddressRange> ranges, AddressSet denied, RuleList deny) {
        for (AddressRange range : ranges) {
            if (!denied.containsAll(range)) {
                return;
            }
        }
        if (!ranges.isEmpty()) {
            warnings.add(Warnings.Kind.DENIED, rule, () -> {
                Optional<Rule> denying = deny.matchAddress(ranges.getFirst().first(), now);
                return "admits nobody: the 'deny' list has all of it"
                        + denying.map(it -> ", by " + it.text() + " (" + it.position() + ")")
                                .orElse("");
            });
        }
    }
}
