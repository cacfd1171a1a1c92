package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a rule, or an invariant, speaks of. */
final class MatcherReader {

    /** For error texts. */
    static final String KINDS = "address, zone, private-endpoint, link, originator (with via)";

    private final KnownEndpoints known;
    private final List<Draft.ZoneUse> zoneUses;
    private final Problems problems;

    /**
     * @param zoneUses gets each name of a zone: whether there is such a zone, another document may say
     */
    MatcherReader(KnownEndpoints known, List<Draft.ZoneUse> zoneUses, Problems problems) {
        this.known = known;
        this.zoneUses = zoneUses;
        this.problems = problems;
    }

    /**
     * The one matcher of the map; none, where it is not good, and then that is reported.
     *
     * @param what what the map is, for error texts: {@code a rule}
     */
    Optional<Rule.Matcher> read(YamlMap map, String what) {
        List<Optional<Rule.Matcher>> matchers = new ArrayList<>();
        if (map.has("address")) {
            matchers.add(map.text("address", AddressRange.FORMS).flatMap(text -> address(text, map, "address")));
        }
        if (map.has("zone")) {
            matchers.add(map.text("zone", "a zone's name").map(name -> zone(name, map)));
        }
        if (map.has("private-endpoint")) {
            matchers.add(map.text("private-endpoint", "a private endpoint's name")
                    .flatMap(name -> endpointName("private-endpoint", name, map))
                    .map(Rule.EndpointMatcher::new));
        }
        if (map.has("link")) {
            matchers.add(map.text("link", LinkId.FORMS)
                    .flatMap(text -> link("link", text, map))
                    .map(Rule.LinkMatcher::new));
        }
        if (map.has("originator")) {
            matchers.add(originator(map));
        } else if (map.has("via")) {
            problems.error(map.positionOf("via"), "'via' goes with 'originator': an address on the other side of it");
        }
        if (matchers.size() != 1) {
            problems.error(map.position(), what + " has exactly one of " + KINDS + "; found " + matchers.size());
            return Optional.empty();
        }
        return matchers.getFirst();
    }

    /** The addresses of a text that stands alone. */
    Optional<Rule.Matcher> address(YamlMap.ScalarItem item) {
        return range(item.text(), item.position()).map(Rule.AddressMatcher::new);
    }

    private Optional<Rule.Matcher> address(String text, YamlMap map, String key) {
        return range(text, map.positionOf(key)).map(Rule.AddressMatcher::new);
    }

    private Optional<AddressRange> range(String text, Position position) {
        return switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed -> Optional.of(parsed.range());
            case AddressRange.Malformed malformed -> {
                problems.error(position, malformed.why());
                yield Optional.empty();
            }
        };
    }

    private Optional<LinkId> link(String key, String text, YamlMap map) {
        Optional<LinkId> link = LinkId.parse(text);
        if (link.isEmpty()) {
            problems.error(
                    map.positionOf(key), "'" + key + "' is '" + YamlMap.shown(text) + "'; expected " + LinkId.FORMS);
        } else if (!known.linkIds().contains(link.get())) {
            problems.warning(
                    map.positionOf(key),
                    "no private endpoint has the link " + link.get() + ": a caller by it is unknown, and refused");
        }
        return link;
    }

    private Optional<Rule.Matcher> originator(YamlMap map) {
        Optional<AddressRange> range =
                map.text("originator", AddressRange.FORMS).flatMap(text -> range(text, map.positionOf("originator")));
        String form = "a private endpoint's name, or " + LinkId.FORMS;
        if (!map.has("via")) {
            problems.error(
                    map.position(),
                    "'originator' needs 'via': the addresses behind two private links overlap; expected " + form);
        }
        Optional<Rule.Via> via = map.text("via", form)
                .flatMap(text -> text.indexOf(':') >= 0
                        ? link("via", text, map).<Rule.Via>map(Rule.ViaLink::new)
                        : endpointName("via", text, map).<Rule.Via>map(Rule.ViaEndpoint::new));
        return range.isPresent() && via.isPresent()
                ? Optional.of(new Rule.OriginatorMatcher(range.get(), via.get()))
                : Optional.empty();
    }

    private Rule.Matcher zone(String name, YamlMap map) {
        zoneUses.add(new Draft.ZoneUse(name, map.positionOf("zone")));
        return new Rule.ZoneMatcher(name);
    }

    private Optional<String> endpointName(String key, String name, YamlMap map) {
        if (!known.names().contains(name)) {
            String configured = known.names().isEmpty()
                    ? "none is configured under postern.private-endpoints"
                    : "configured are: "
                            + String.join(", ", known.names().stream().sorted().toList());
            problems.error(
                    map.positionOf(key), "there is no private endpoint '" + YamlMap.shown(name) + "'; " + configured);
            return Optional.empty();
        }
        return Optional.of(name);
    }
}
