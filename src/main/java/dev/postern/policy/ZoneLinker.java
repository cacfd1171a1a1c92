package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resolves zones, which may be made of others, each once. */
final class ZoneLinker {

    /** Deeper than any that a person has written, and far from the end of the stack. */
    private static final int MAX_DEPTH = 64;

    private final Map<String, Draft.DeclaredZone> declared;
    private final Problems problems;
    private final Map<String, AddressSet> done = new HashMap<>();

    ZoneLinker(Map<String, Draft.DeclaredZone> declared, Problems problems) {
        this.declared = declared;
        this.problems = problems;
    }

    /** The zones that could be read, by name. */
    Map<String, Zone> link() {
        Map<String, Zone> zones = new LinkedHashMap<>();
        declared.forEach((name, zone) -> {
            if (zone.parts().isPresent()) {
                AddressSet addresses = resolve(name, new LinkedHashSet<>());
                zones.put(name, new Zone(name, addresses));
                if (addresses.isEmpty() && !problems.hasErrors()) {
                    problems.warning(
                            zone.position(), "zone '" + name + "' is empty: a rule that names it matches nobody");
                }
            }
        });
        return zones;
    }

    private AddressSet resolve(String name, Set<String> within) {
        AddressSet known = done.get(name);
        if (known != null) {
            return known;
        }
        Draft.DeclaredZone zone = declared.get(name);
        if (zone == null || zone.parts().isEmpty()) {
            return AddressSet.of(List.of());
        }
        ZoneParts parts = zone.parts().get();
        within.add(name);
        List<AddressRange> all = new ArrayList<>(parts.addresses());
        for (YamlMap.ScalarItem member : parts.zones()) {
            if (within.contains(member.text())) {
                problems.error(
                        member.position(),
                        "zone '" + name + "' contains itself: " + String.join(" → ", within) + " → " + member.text());
            } else if (!declared.containsKey(member.text())) {
                problems.error(member.position(), unknown(member.text()));
            } else if (within.size() == MAX_DEPTH) {
                problems.error(member.position(), "zones within zones are read " + MAX_DEPTH + " deep, no deeper");
            } else {
                all.addAll(resolve(member.text(), within).ranges());
            }
        }
        within.remove(name);
        AddressSet result = AddressSet.of(all).minus(AddressSet.of(parts.except()));
        done.put(name, result);
        return result;
    }

    /** Reports a name in a rule that no zone has. */
    void check(Draft.ZoneUse use) {
        if (!declared.containsKey(use.name())) {
            problems.error(use.position(), unknown(use.name()));
        }
    }

    private String unknown(String name) {
        String hint = Similar.to(name, declared.keySet())
                .map(near -> "; did you mean '" + near + "'?")
                .orElse(declared.isEmpty() ? "; no zones are declared" : "");
        return "there is no zone '" + YamlMap.shown(name) + "'" + hint;
    }
}
