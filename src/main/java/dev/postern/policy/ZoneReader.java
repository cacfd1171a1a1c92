package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads zones, and resolves those that are made of others. */
final class ZoneReader {

    private static final String MEMBERS = AddressRange.FORMS;

    /** Deeper than any that a person has written, and far from the end of the stack. */
    private static final int MAX_DEPTH = 64;

    private final Problems problems;

    ZoneReader(Problems problems) {
        this.problems = problems;
    }

    /** A zone as it stands in a document. */
    record Declaration(String file, Position position, Node node) {}

    /** A zone's own words: what it takes in, which zones, and what it leaves out. */
    private record Parts(
            Declaration declaration,
            List<AddressRange> addresses,
            List<YamlMap.ScalarItem> zones,
            List<AddressRange> except) {}

    Map<String, Zone> compile(Map<String, Declaration> declarations) {
        Map<String, Parts> parts = new LinkedHashMap<>();
        declarations.forEach((name, declaration) -> {
            if (!Names.isName(name)) {
                problems.error(
                        declaration.position(),
                        "'" + YamlMap.shown(name) + "' is not a zone's name: " + Names.NAME_FORM);
            }
            read(name, declaration).ifPresent(p -> parts.put(name, p));
        });
        Map<String, Zone> zones = new LinkedHashMap<>();
        Map<String, AddressSet> done = new HashMap<>();
        parts.forEach((name, own) -> {
            AddressSet addresses = resolve(name, parts, declarations.keySet(), done, new LinkedHashSet<>());
            zones.put(name, new Zone(name, addresses));
            if (addresses.isEmpty() && !problems.hasErrors()) {
                problems.warning(
                        own.declaration().position(),
                        "zone '" + name + "' is empty: a rule that names it matches nobody");
            }
        });
        return zones;
    }

    private Optional<Parts> read(String name, Declaration declaration) {
        return YamlMap.of(declaration.node(), declaration.file(), problems, "zone '" + YamlMap.shown(name) + "'")
                .map(map -> {
                    Parts parts = new Parts(
                            declaration,
                            ranges(map.texts("addresses", MEMBERS)),
                            map.texts("zones", "zone names"),
                            ranges(map.texts("except", MEMBERS)));
                    if (!map.has("addresses") && !map.has("zones")) {
                        problems.error(
                                declaration.position(),
                                "zone '" + YamlMap.shown(name) + "' has neither 'addresses' nor 'zones'");
                    }
                    map.rejectUnknownKeys("a zone");
                    return parts;
                });
    }

    private List<AddressRange> ranges(List<YamlMap.ScalarItem> texts) {
        List<AddressRange> ranges = new ArrayList<>();
        for (YamlMap.ScalarItem item : texts) {
            switch (AddressRange.parse(item.text())) {
                case AddressRange.Parsed parsed -> ranges.add(parsed.range());
                case AddressRange.Malformed malformed -> problems.error(item.position(), malformed.why());
            }
        }
        return ranges;
    }

    private AddressSet resolve(
            String name,
            Map<String, Parts> parts,
            Set<String> declared,
            Map<String, AddressSet> done,
            Set<String> within) {
        AddressSet known = done.get(name);
        if (known != null) {
            return known;
        }
        Parts own = parts.get(name);
        if (own == null) {
            return AddressSet.of(List.of());
        }
        within.add(name);
        List<AddressRange> all = new ArrayList<>(own.addresses());
        for (YamlMap.ScalarItem member : own.zones()) {
            if (within.contains(member.text())) {
                problems.error(
                        member.position(),
                        "zone '" + name + "' contains itself: " + String.join(" → ", within) + " → " + member.text());
            } else if (!declared.contains(member.text())) {
                problems.error(member.position(), unknownZone(member.text(), declared));
            } else if (within.size() == MAX_DEPTH) {
                problems.error(member.position(), "zones within zones are read " + MAX_DEPTH + " deep, no deeper");
            } else {
                all.addAll(resolve(member.text(), parts, declared, done, within).ranges());
            }
        }
        within.remove(name);
        AddressSet result = AddressSet.of(all).minus(AddressSet.of(own.except()));
        done.put(name, result);
        return result;
    }

    static String unknownZone(String name, Set<String> known) {
        String hint = Similar.to(name, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse(known.isEmpty() ? "; no zones are declared" : "");
        return "there is no zone '" + YamlMap.shown(name) + "'" + hint;
    }
}
