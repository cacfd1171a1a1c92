package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.Feeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Resolves zones, which may be made of others and follow feeds, each once. */
final class ZoneLinker {

    /** Deeper than any that a person has written, and far from the end of the stack. */
    private static final int MAX_DEPTH = 64;

    private static final AddressSet NOBODY = AddressSet.of(List.of());

    private final Map<String, Draft.DeclaredZone> declared;
    private final Feeds feeds;
    private final Problems problems;
    private final Map<String, Linked> former;
    private final Map<String, Linked> done = new HashMap<>();

    /**
     * What a zone comes to.
     *
     * @param all with everything that it holds
     * @param admitting without what a feed said too long ago; the same object where there is nothing of that
     * @param lacks the feeds that have never been had
     */
    record Resolved(AddressSet all, AddressSet admitting, List<FeedChecks.Lack> lacks) {
        static Resolved of(AddressSet addresses) {
            return new Resolved(addresses, addresses, List.of());
        }
    }

    /**
     * A zone that has been linked.
     *
     * @param parts its own words
     * @param inputs what it was made of besides
     * @param all as deny lists see it
     * @param admitting as allow lists see it
     */
    record Linked(ZoneParts parts, List<AddressSet> inputs, Resolved resolved, Zone all, Zone admitting) {
        /** Whether there is nothing new: these are the same objects as long as nothing has changed. */
        @SuppressWarnings("ReferenceEquality")
        private boolean isOf(ZoneParts nowParts, List<AddressSet> nowInputs) {
            boolean same = parts == nowParts && inputs.size() == nowInputs.size();
            for (int i = 0; same && i < inputs.size(); i++) {
                same = inputs.get(i) == nowInputs.get(i);
            }
            return same;
        }

        private Linked lacking(List<FeedChecks.Lack> lacks) {
            return new Linked(parts, inputs, new Resolved(resolved.all(), resolved.admitting(), lacks), all, admitting);
        }
    }

    /**
     * A linker of these zones.
     *
     * @param former zones that were linked before: of those in which nothing has changed, nothing is made anew
     */
    ZoneLinker(Map<String, Draft.DeclaredZone> declared, Feeds feeds, Map<String, Linked> former, Problems problems) {
        this.declared = declared;
        this.former = former;
        this.feeds = feeds;
        this.problems = problems;
    }

    /** The zones that could be read. */
    Zones link() {
        Map<String, Zone> all = new LinkedHashMap<>();
        Map<String, Zone> admitting = new LinkedHashMap<>();
        declared.forEach((name, zone) -> {
            if (zone.parts().isPresent()) {
                Resolved resolved = resolve(name, new LinkedHashSet<>());
                Linked linked = Objects.requireNonNull(done.get(name));
                all.put(name, linked.all());
                admitting.put(name, linked.admitting());
                if (resolved.all().isEmpty() && resolved.lacks().isEmpty() && !problems.hasErrors()) {
                    problems.warning(
                            zone.position(), "zone '" + name + "' is empty: a rule that names it matches nobody");
                }
            }
        });
        return new Zones(all, admitting);
    }

    /** What zones lack, by their names; nothing for those that lack nothing. */
    Map<String, List<FeedChecks.Lack>> lacks() {
        Map<String, List<FeedChecks.Lack>> lacks = new LinkedHashMap<>();
        declared.keySet().forEach(name -> {
            Linked linked = done.get(name);
            if (linked != null && !linked.resolved().lacks().isEmpty()) {
                lacks.put(name, linked.resolved().lacks());
            }
        });
        return lacks;
    }

    /** The zones that were linked, for the linker after this one. */
    Map<String, Linked> linked() {
        return Map.copyOf(done);
    }

    private Resolved resolve(String name, Set<String> within) {
        Linked known = done.get(name);
        if (known != null) {
            return known.resolved();
        }
        Draft.DeclaredZone zone = declared.get(name);
        if (zone == null || zone.parts().isEmpty()) {
            return Resolved.of(NOBODY);
        }
        ZoneParts parts = zone.parts().get();
        List<Resolved> members = new ArrayList<>();
        parts.feed().ifPresent(feed -> members.add(follow(zone, feed)));
        within.add(name);
        for (YamlMap.ScalarItem member : parts.zones()) {
            if (within.contains(member.text())) {
                problems.error(
                        member.position(),
                        "zone '" + name + "' contains itself: " + String.join(" → ", within) + " → " + member.text());
            } else if (!declared.containsKey(member.text())) {
                problems.error(member.position(), () -> unknown(member.text()));
            } else if (within.size() == MAX_DEPTH) {
                problems.error(member.position(), "zones within zones are read " + MAX_DEPTH + " deep, no deeper");
            } else {
                members.add(resolve(member.text(), within));
            }
        }
        within.remove(name);
        Linked linked = linked(name, parts, members);
        done.put(name, linked);
        return linked.resolved();
    }

    private Linked linked(String name, ZoneParts parts, List<Resolved> members) {
        List<AddressSet> inputs = members.stream()
                .flatMap(member -> Stream.of(member.all(), member.admitting()))
                .toList();
        Linked before = former.get(name);
        if (before != null && before.isOf(parts, inputs)) {
            List<FeedChecks.Lack> lacks = members.stream()
                    .flatMap(member -> member.lacks().stream())
                    .distinct()
                    .toList();
            return before.lacking(lacks);
        }
        List<Resolved> whole = new ArrayList<>(members);
        whole.add(Resolved.of(AddressSet.of(parts.addresses())));
        Resolved resolved = union(whole, AddressSet.of(parts.except()));
        Zone all = new Zone(name, resolved.all());
        return new Linked(
                parts,
                inputs,
                resolved,
                all,
                resolved.admitting() == resolved.all() ? all : new Zone(name, resolved.admitting()));
    }

    private Resolved follow(Draft.DeclaredZone zone, FeedDeclaration feed) {
        return switch (feeds.of(feed.id())) {
            case Feeds.Had had -> new Resolved(had.addresses(), had.stale() ? NOBODY : had.addresses(), List.of());
            case Feeds.Missing missing ->
                new Resolved(NOBODY, NOBODY, List.of(new FeedChecks.Lack(zone, feed, missing)));
        };
    }

    private static Resolved union(List<Resolved> members, AddressSet except) {
        List<AddressRange> all = new ArrayList<>();
        List<AddressRange> admitting = new ArrayList<>();
        List<FeedChecks.Lack> lacks = new ArrayList<>();
        boolean same = true;
        for (Resolved member : members) {
            all.addAll(member.all().ranges());
            admitting.addAll(member.admitting().ranges());
            lacks.addAll(member.lacks());
            same &= member.admitting() == member.all();
        }
        AddressSet whole = AddressSet.of(all).minus(except);
        return new Resolved(
                whole, same ? whole : AddressSet.of(admitting).minus(except), List.copyOf(new LinkedHashSet<>(lacks)));
    }

    /** Reports a name in a rule that no zone has. */
    void check(Draft.ZoneUse use) {
        if (!declared.containsKey(use.name())) {
            problems.error(use.position(), () -> unknown(use.name()));
        }
    }

    private String unknown(String name) {
        String hint = Similar.to(name, declared.keySet())
                .map(near -> "; did you mean '" + near + "'?")
                .orElse(declared.isEmpty() ? "; no zones are declared" : "");
        return "there is no zone '" + YamlMap.shown(name) + "'" + hint;
    }
}
