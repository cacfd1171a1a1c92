package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.Position;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule of IBM Cloud admits: those who come from within one of the zones, if any are named, over an endpoint of one of
 * the types, if any are named.
 *
 * @param at where it stands
 * @param rule what its rule is called
 * @param place from where; empty: from anywhere
 * @param publicly over public endpoints
 * @param privately over private or direct endpoints
 */
record CbrContext(Position at, String rule, Optional<Place> place, boolean publicly, boolean privately) {

    /**
     * From where.
     *
     * @param addresses from these addresses
     * @param vpcs from these VPCs, by CRN
     * @param zones the zones of which it is made, none where it is what several rules have in common
     */
    record Place(AddressSet addresses, Set<String> vpcs, List<CbrZone> zones) {
        Place {
            vpcs = Set.copyOf(vpcs);
            zones = List.copyOf(zones);
        }

        static Place of(List<CbrZone> zones) {
            List<AddressRange> ranges = new ArrayList<>();
            Set<String> vpcs = new LinkedHashSet<>();
            for (CbrZone zone : zones) {
                ranges.addAll(zone.set().ranges());
                vpcs.addAll(zone.vpcs());
            }
            return new Place(AddressSet.of(ranges), vpcs, zones);
        }

        Place and(Place other) {
            Set<String> both = new LinkedHashSet<>(vpcs);
            both.retainAll(other.vpcs);
            return new Place(addresses.minus(addresses.minus(other.addresses)), both, List.of());
        }

        /** Whether a VPC of it is cut by addresses that are left out of it. */
        boolean cutsVpcs() {
            return zones.isEmpty()
                    || zones.stream().anyMatch(zone -> !zone.excluded().isEmpty());
        }
    }

    /** What both admit, where anything. */
    Optional<CbrContext> and(CbrContext other) {
        boolean bothPublicly = publicly && other.publicly;
        boolean bothPrivately = privately && other.privately;
        Optional<Place> both = place.isPresent() && other.place.isPresent()
                ? Optional.of(place.get().and(other.place.get()))
                : place.or(() -> other.place);
        boolean nowhere =
                both.map(it -> it.addresses().isEmpty() && it.vpcs().isEmpty()).orElse(false);
        return nowhere || !bothPublicly && !bothPrivately
                ? Optional.empty()
                : Optional.of(new CbrContext(at, rule + " and " + other.rule, both, bothPublicly, bothPrivately));
    }

    /** Reads a context; empty where it has a condition that cannot be said. */
    static Optional<CbrContext> read(Value item, String rule, Map<String, CbrZone> zones, Findings findings) {
        if (!(item instanceof Value.Fields fields)) {
            findings.error(item.at(), "found " + item.kind() + "; expected a context with 'attributes'");
            return Optional.empty();
        }
        FieldReader context = new FieldReader(fields, findings);
        boolean anyZone = true;
        boolean anyEndpoint = true;
        List<CbrZone> named = new ArrayList<>();
        Set<String> endpoints = new LinkedHashSet<>();
        List<Value> attributes = context.items("attributes");
        for (Value attribute : attributes) {
            String name = text(attribute, "name", findings);
            List<String> values = List.of(text(attribute, "value", findings).split(",", -1));
            switch (name) {
                case "networkZoneId" -> {
                    anyZone = false;
                    values.forEach(
                            id -> zone(id.strip(), attribute, zones, findings).ifPresent(named::add));
                }
                case "endpointType" -> {
                    anyEndpoint = false;
                    values.forEach(value -> endpoints.add(value.strip()));
                }
                default -> {
                    findings.warning(
                            attribute.at(),
                            "a context with the condition " + Findings.shown(name)
                                    + ", which cannot be said; the context is left out");
                    return Optional.empty();
                }
            }
        }
        if (attributes.isEmpty()) {
            findings.warning(item.at(), "a context without attributes; left out");
            return Optional.empty();
        }
        for (String endpoint : endpoints) {
            if (!Set.of("public", "private", "direct").contains(endpoint)) {
                findings.warning(item.at(), "an endpoint of type " + Findings.shown(endpoint) + "; left out");
            }
        }
        boolean publicly = anyEndpoint || endpoints.contains("public");
        boolean privately = anyEndpoint || endpoints.contains("private") || endpoints.contains("direct");
        boolean nobody = !anyZone && named.isEmpty() || !publicly && !privately;
        return nobody
                ? Optional.empty()
                : Optional.of(new CbrContext(
                        item.at(),
                        rule,
                        anyZone ? Optional.empty() : Optional.of(Place.of(named)),
                        publicly,
                        privately));
    }

    private static Optional<CbrZone> zone(String id, Value attribute, Map<String, CbrZone> zones, Findings findings) {
        CbrZone zone = zones.get(id);
        if (zone == null) {
            findings.warning(attribute.at(), "the zone " + Findings.shown(id) + " is in none of the inputs; left out");
        }
        return Optional.ofNullable(zone);
    }

    private static String text(Value attribute, String key, Findings findings) {
        if (attribute instanceof Value.Fields fields) {
            Optional<Value.Text> text = new FieldReader(fields, findings).text(key);
            if (text.isPresent()) {
                return text.get().text();
            }
        }
        findings.error(attribute.at(), "expected an attribute with 'name' and 'value'");
        return "";
    }
}
