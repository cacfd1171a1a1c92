package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressTable;
import dev.postern.address.LinkId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A compiled {@code allow} or {@code deny} list. The order within a list means nothing to the decision; where
 * several match, the explanation names one of them: a rule for an address that always counts before the others.
 */
public final class RuleList {

    /** The list without rules. */
    static final RuleList EMPTY = new RuleList(List.of());

    private final List<Rule> rules;
    private final AddressTable permanentAddresses;
    private final List<Rule> permanentAddressRules = new ArrayList<>();
    /** Zones, endpoints and rules with a time: few, and judged one by one. */
    private final List<Rule> others = new ArrayList<>();

    RuleList(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        List<AddressRange> ranges = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.isPermanent() && rule.matcher() instanceof Rule.AddressMatcher address) {
                ranges.add(address.range());
                permanentAddressRules.add(rule);
            } else {
                others.add(rule);
            }
        }
        this.permanentAddresses = AddressTable.compile(ranges);
    }

    /** The rules as they stand. */
    public List<Rule> rules() {
        return rules;
    }

    /** A rule in force that matches the address. */
    public Optional<Rule> matchAddress(Address address, Instant now) {
        int index = permanentAddresses.find(address);
        if (index != AddressTable.NONE) {
            return Optional.of(permanentAddressRules.get(index));
        }
        for (Rule rule : others) {
            if (rule.matchesAddress(address) && rule.isInForce(now)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /**
     * A rule in force that names the private endpoint, its link, or the originator by either.
     *
     * @param originator the address on the other side of the link; no address or zone rule ever sees it
     */
    public Optional<Rule> matchPrivate(
            String endpoint, Optional<LinkId> link, Optional<Address> originator, Instant now) {
        for (Rule rule : others) {
            if (rule.matchesPrivate(endpoint, link, originator) && rule.isInForce(now)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
