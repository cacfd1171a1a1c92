package dev.postern.decision;

import dev.postern.address.AddressSet;
import dev.postern.policy.Rule;
import dev.postern.policy.Rule.Via;
import dev.postern.policy.Rule.ViaEndpoint;
import dev.postern.policy.Rule.ViaLink;
import dev.postern.policy.RuleList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** One list of rules, laid out for questions about blocks. */
final class Side {

    private final Layers addresses;
    private final Map<Via, Layers> originators = new HashMap<>();
    /** The rules that name an endpoint or a link. */
    private final Map<Via, List<Rule>> names = new HashMap<>();

    private long slowRules;

    Side(RuleList list) {
        Layers.Builder all = new Layers.Builder();
        Map<Via, Layers.Builder> behind = new HashMap<>();
        for (Rule rule : list.rules()) {
            slowRules += isSlow(rule) ? 1 : 0;
            switch (rule.matcher()) {
                case Rule.AddressMatcher m -> all.add(m.range(), rule);
                case Rule.ZoneMatcher m -> list.ranges(rule).forEach(range -> all.add(range, rule));
                case Rule.EndpointMatcher m -> name(new ViaEndpoint(m.endpoint()), rule);
                case Rule.LinkMatcher m -> name(new ViaLink(m.link()), rule);
                case Rule.OriginatorMatcher m ->
                    behind.computeIfAbsent(m.via(), via -> new Layers.Builder()).add(m.range(), rule);
            }
        }
        this.addresses = all.build();
        behind.forEach((via, rules) -> originators.put(via, rules.build()));
    }

    private static boolean isSlow(Rule rule) {
        return !(rule.matcher() instanceof Rule.AddressMatcher)
                || rule.from().isPresent()
                || rule.until().isPresent();
    }

    /** How many rules a look-up may have to try one by one. */
    long slowRules() {
        return slowRules;
    }

    private void name(Via via, Rule rule) {
        names.computeIfAbsent(via, v -> new ArrayList<>()).add(rule);
    }

    /** What the list has to do with the sources of a probe. */
    Slice on(Probe probe, Work work) {
        return switch (probe) {
            case Probe.Public p -> slice(List.of(addresses), List.of(), p, work);
            case Probe.Translated p -> slice(List.of(addresses), List.of(new ViaEndpoint(p.endpoint())), p, work);
            case Probe.Originators p -> {
                List<Via> vias = List.of(new ViaEndpoint(p.endpoint()), new ViaLink(p.link()));
                yield slice(
                        vias.stream()
                                .map(originators::get)
                                .filter(Objects::nonNull)
                                .toList(),
                        vias,
                        p,
                        work);
            }
            case Probe.WithoutOriginator p ->
                slice(List.of(), List.of(new ViaEndpoint(p.endpoint()), new ViaLink(p.link())), p, work);
        };
    }

    private Slice slice(List<Layers> layers, List<Via> vias, Probe probe, Work work) {
        List<Layers.Timed> timed = new ArrayList<>();
        layers.forEach(layer -> timed.addAll(layer.touching(probe.range(), work)));
        List<Rule> naming = new ArrayList<>();
        vias.forEach(via -> naming.addAll(names.getOrDefault(via, List.of())));
        work.spend(naming.size());
        return new Slice(layers.stream().map(Layers::permanent).toList(), timed, naming);
    }

    /**
     * What a list says of the sources of a probe.
     *
     * @param permanent the addresses of rules that always count
     * @param timed those of rules that do not
     * @param naming the rules that speak of all of the sources, whatever their address
     */
    record Slice(List<AddressSet> permanent, List<Layers.Timed> timed, List<Rule> naming) {

        /** Where a rule of the list matches at this instant. */
        Line at(Instant now, Work work) {
            work.spend(naming.size() + timed.size());
            if (naming.stream().anyMatch(rule -> rule.isInForce(now))) {
                return Line.everywhere();
            }
            List<Line> lines = new ArrayList<>();
            permanent.forEach(set -> lines.add(Line.in(set)));
            if (!timed.isEmpty()) {
                lines.add(Line.in(AddressSet.of(timed.stream()
                        .filter(entry -> entry.rule().isInForce(now))
                        .map(Layers.Timed::range)
                        .toList())));
            }
            return Line.anyOf(lines);
        }

        /** The instants at which the answer may change. */
        Stream<Instant> changes() {
            return Stream.concat(timed.stream().map(Layers.Timed::rule), naming.stream())
                    .flatMap(rule -> Stream.concat(rule.from().stream(), rule.until().stream()));
        }
    }
}
