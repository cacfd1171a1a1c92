package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code network} sections. */
final class NetworkReader {

    private static final String KINDS = "address, zone, private-endpoint, link, originator (with via)";
    private static final String MATCHERS = "rules, each a map with one of " + KINDS;

    private final KnownEndpoints known;
    private final List<Draft.ZoneUse> zoneUses;
    private final Problems problems;

    /**
     * @param zoneUses gets each name of a zone: whether there is such a zone, another document may say
     */
    NetworkReader(KnownEndpoints known, List<Draft.ZoneUse> zoneUses, Problems problems) {
        this.known = known;
        this.zoneUses = zoneUses;
        this.problems = problems;
    }

    /** The rules of a section. */
    NetworkRules read(YamlMap map, String file) {
        Enforcement enforcement = map.choice("enforcement", Enforcement.class, Enforcement.ENFORCE);
        PublicAccess publicAccess = map.choice("public-access", PublicAccess.class, PublicAccess.ENABLED);
        PrivateAccess privateAccess = map.choice("private-access", PrivateAccess.class, PrivateAccess.EVALUATE);
        Optional<List<YamlMap.Item>> allowItems = map.list("allow", MATCHERS);
        Optional<RuleList> allow = allowItems.map(items -> rules(items, file));
        RuleList deny =
                map.list("deny", MATCHERS).map(items -> rules(items, file)).orElse(RuleList.EMPTY);
        DefaultAction unset = map.has("allow") ? DefaultAction.DENY : DefaultAction.ALLOW;
        DefaultAction fallback = map.choice("default", DefaultAction.class, unset);
        map.rejectUnknownKeys("a network section");
        boolean nothingListed = allow.map(list -> list.rules().isEmpty()).orElse(true);
        if (fallback == DefaultAction.DENY && nothingListed && !problems.hasErrors()) {
            String what = map.has("allow") ? "an empty 'allow' list" : "'default: deny' without an 'allow' list";
            problems.warning(
                    map.has("allow") ? map.positionOf("allow") : map.positionOf("default"),
                    what + " admits no public source at all");
        }
        return new NetworkRules(enforcement, publicAccess, privateAccess, fallback, allow, deny, map.position());
    }

    private RuleList rules(List<YamlMap.Item> items, String file) {
        List<Rule> rules = new ArrayList<>(items.size());
        for (YamlMap.Item item : items) {
            YamlMap.of(item.node(), file, problems, "a rule")
                    .flatMap(this::rule)
                    .ifPresent(rules::add);
        }
        return new RuleList(rules);
    }

    private Optional<Rule> rule(YamlMap map) {
        List<Optional<Rule.Matcher>> matchers = new ArrayList<>();
        if (map.has("address")) {
            matchers.add(map.text("address", AddressRange.FORMS).flatMap(text -> address(text, map)));
        }
        if (map.has("zone")) {
            matchers.add(map.text("zone", "a zone's name").map(name -> zone(name, map)));
        }
        if (map.has("private-endpoint")) {
            matchers.add(
                    map.text("private-endpoint", "a private endpoint's name").flatMap(name -> endpoint(name, map)));
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
        Optional<Instant> from = map.instant("from");
        Optional<Instant> until = map.instant("until");
        Optional<String> note = map.text("note", "a remark");
        map.rejectUnknownKeys("a rule");
        if (matchers.size() != 1) {
            problems.error(map.position(), "a rule has exactly one of " + KINDS + "; found " + matchers.size());
            return Optional.empty();
        }
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            problems.error(
                    map.positionOf("until"),
                    "the rule ends (" + until.get() + ") before it begins (" + from.get() + ")");
        }
        return matchers.getFirst().map(matcher -> new Rule(matcher, from, until, note, map.position()));
    }

    private Optional<Rule.Matcher> address(String text, YamlMap map) {
        return switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed -> Optional.of(new Rule.AddressMatcher(parsed.range()));
            case AddressRange.Malformed malformed -> {
                problems.error(map.positionOf("address"), malformed.why());
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
        Optional<AddressRange> range = map.text("originator", AddressRange.FORMS)
                .flatMap(text -> switch (AddressRange.parse(text)) {
                    case AddressRange.Parsed parsed -> Optional.of(parsed.range());
                    case AddressRange.Malformed malformed -> {
                        problems.error(map.positionOf("originator"), malformed.why());
                        yield Optional.empty();
                    }
                });
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

    private Optional<Rule.Matcher> endpoint(String name, YamlMap map) {
        return endpointName("private-endpoint", name, map).map(Rule.EndpointMatcher::new);
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
