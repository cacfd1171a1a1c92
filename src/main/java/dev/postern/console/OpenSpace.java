package dev.postern.console;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import dev.postern.policy.RuleList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a ruleset opens to the public network: the addresses that it admits now, and the ceiling over it. What comes by private
 * endpoints has no place in it, and neither have trusted services.
 */
final class OpenSpace {

    private static final AddressSet EVERYTHING = AddressSet.of(AddressRange.EVERYTHING);

    private OpenSpace() {}

    /** What the section admits, under the policy's ceiling. */
    static AddressSet of(Policy policy, NetworkSection section, Instant now) {
        AddressSet own = of(section.rules(), now);
        boolean isCeiling = section.account().isEmpty();
        Optional<NetworkRules> ceiling = isCeiling ? Optional.empty() : policy.enterprise();
        return ceiling.map(rules -> own.minus(EVERYTHING.minus(of(rules, now)))).orElse(own);
    }

    private static AddressSet of(NetworkRules rules, Instant now) {
        if (rules.enforcement() != NetworkRules.Enforcement.ENFORCE) {
            return EVERYTHING;
        }
        if (rules.publicAccess() == NetworkRules.PublicAccess.DISABLED) {
            return AddressSet.of(List.of());
        }
        AddressSet denied = addresses(rules.deny(), now);
        AddressSet allowed = rules.fallback() == NetworkRules.DefaultAction.ALLOW
                ? EVERYTHING
                : rules.allow().map(list -> addresses(list, now)).orElseGet(() -> AddressSet.of(List.of()));
        return allowed.minus(denied);
    }

    private static AddressSet addresses(RuleList list, Instant now) {
        List<AddressRange> ranges = new ArrayList<>();
        for (Rule rule : list.rules()) {
            boolean isOfAddresses =
                    rule.matcher() instanceof Rule.AddressMatcher || rule.matcher() instanceof Rule.ZoneMatcher;
            if (isOfAddresses && rule.isInForce(now)) {
                ranges.addAll(list.ranges(rule));
            }
        }
        return AddressSet.of(ranges);
    }

    /**
     * How many addresses of each of the 256 parts of a block of IPv4 are open.
     *
     * @param block a block whose prefix is 0, 8, 16 or 24
     */
    static long[] parts(AddressSet open, AddressRange block) {
        long first = block.first().low();
        long size = (block.last().low() - first + 1) / 256;
        long[] counts = new long[256];
        for (AddressRange range : open.ranges()) {
            if (range.family() == Address.Family.IPV4 && range.overlaps(block)) {
                long from = Math.max(range.first().low(), first) - first;
                long to = Math.min(range.last().low(), block.last().low()) - first;
                for (long part = from / size; part <= to / size; part++) {
                    long begin = Math.max(from, part * size);
                    long end = Math.min(to, (part + 1) * size - 1);
                    counts[(int) part] += end - begin + 1;
                }
            }
        }
        return counts;
    }
}
