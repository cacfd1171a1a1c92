package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressIndex;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressTable;
import dev.postern.address.LinkId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A compiled {@code allow} or {@code deny} list. The order within a list means nothing to the decision; where
 * several match, the explanation names one of them: a rule for an address that always counts before the others.
 *
 * <p>Rules name zones, and what a zone holds is known once all documents are read. Until {@link #linkedTo} a list
 * matches no zone.
 */
public final class RuleList {

    /** The list without rules. */
    public static final RuleList EMPTY = new RuleList(List.of());

    private final List<Rule> rules;
    private final Compiled compiled;
    private final Map<String, Zone> zones;

    /** The rules by what finds them fastest. Does not depend on zones, and is kept when they change. */
    private record Compiled(
            AddressTable permanentAddresses,
            List<Rule> permanentAddressRules,
            AddressIndex timedAddresses,
            List<Rule> timedAddressRules,
            List<Rule> zoneRules,
            List<Rule> privateRules) {

        static Compiled of(List<Rule> rules) {
            List<Rule> permanent = new ArrayList<>();
            List<Rule> timed = new ArrayList<>();
            List<Rule> zones = new ArrayList<>();
            List<Rule> privates = new ArrayList<>();
            for (Rule rule : rules) {
                switch (rule.matcher()) {
                    case Rule.AddressMatcher m -> (rule.isPermanent() ? permanent : timed).add(rule);
                    case Rule.ZoneMatcher m -> zones.add(rule);
                    case Rule.EndpointMatcher m -> privates.add(rule);
                    case Rule.LinkMatcher m -> privates.add(rule);
                    case Rule.OriginatorMatcher m -> privates.add(rule);
                }
            }
            // Where all rules are of one kind, their list is the list.
            List<Rule> permanentRules = permanent.size() == rules.size() ? rules : List.copyOf(permanent);
            return new Compiled(
                    AddressTable.compile(ranges(permanent)),
                    permanentRules,
                    AddressIndex.of(ranges(timed)),
                    List.copyOf(timed),
                    List.copyOf(zones),
                    List.copyOf(privates));
        }

        private static List<AddressRange> ranges(List<Rule> rules) {
            List<AddressRange> ranges = new ArrayList<>(rules.size());
            for (Rule rule : rules) {
                if (rule.matcher() instanceof Rule.AddressMatcher address) {
                    ranges.add(address.range());
                }
            }
            return ranges;
        }
    }

    RuleList(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.compiled = Compiled.of(this.rules);
        this.zones = Map.of();
    }

    private RuleList(List<Rule> rules, Compiled compiled, Map<String, Zone> zones) {
        this.rules = rules;
        this.compiled = compiled;
        this.zones = zones;
    }

    /** This list with its rules' zones taken from these, by name. */
    RuleList linkedTo(Map<String, Zone> all) {
        if (compiled.zoneRules().isEmpty()) {
            return this;
        }
        Map<String, Zone> own = new HashMap<>();
        for (Rule rule : compiled.zoneRules()) {
            if (rule.matcher() instanceof Rule.ZoneMatcher matcher) {
                Zone zone = all.get(matcher.zone());
                if (zone != null) {
                    own.put(matcher.zone(), zone);
                }
            }
        }
        return new RuleList(rules, compiled, Map.copyOf(own));
    }

    /** The rules as they stand. */
    public List<Rule> rules() {
        return rules;
    }

    /** The ranges that a rule of this list matches; none for those that match no address by itself. */
    public List<AddressRange> ranges(Rule rule) {
        return switch (rule.matcher()) {
            case Rule.AddressMatcher matcher -> List.of(matcher.range());
            case Rule.ZoneMatcher matcher -> {
                Zone zone = zones.get(matcher.zone());
                yield zone == null ? List.of() : zone.addresses().ranges();
            }
            case Rule.EndpointMatcher matcher -> List.of();
            case Rule.LinkMatcher matcher -> List.of();
            case Rule.OriginatorMatcher matcher -> List.of();
        };
    }

    /** A rule in force that matches the address. */
    public Optional<Rule> matchAddress(Address address, Instant now) {
        int index = compiled.permanentAddresses().find(address);
        if (index != AddressTable.NONE) {
            return Optional.of(compiled.permanentAddressRules().get(index));
        }
        OptionalInt timed = compiled.timedAddresses()
                .first(address, i -> compiled.timedAddressRules().get(i).isInForce(now));
        if (timed.isPresent()) {
            return Optional.of(compiled.timedAddressRules().get(timed.getAsInt()));
        }
        for (Rule rule : compiled.zoneRules()) {
            if (rule.isInForce(now) && inZone(rule, address)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    private boolean inZone(Rule rule, Address address) {
        return rule.matcher() instanceof Rule.ZoneMatcher matcher
                && Optional.ofNullable(zones.get(matcher.zone()))
                        .map(zone -> zone.contains(address))
                        .orElse(false);
    }

    /**
     * A rule in force that names the private endpoint, its link, or the originator by either.
     *
     * @param originator the address on the other side of the link; no address or zone rule ever sees it
     */
    public Optional<Rule> matchPrivate(
            String endpoint, Optional<LinkId> link, Optional<Address> originator, Instant now) {
        for (Rule rule : compiled.privateRules()) {
            if (rule.matchesPrivate(endpoint, link, originator) && rule.isInForce(now)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
