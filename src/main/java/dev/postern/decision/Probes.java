package dev.postern.decision;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.address.LinkId;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which sources an invariant speaks of, by the operator's private endpoints: all of them, and no others. */
final class Probes {

    private static final Comparator<LinkId> BY_TEXT = Comparator.comparing(LinkId::toString);

    private final List<PrivateEndpoint> endpoints;

    Probes(List<PrivateEndpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * None, where nobody can come so.
     *
     * @param policy where the zones are
     */
    List<Probe> of(Rule.Matcher matcher, Policy policy) {
        return switch (matcher) {
            case Rule.AddressMatcher m -> seenAs(List.of(m.range()));
            case Rule.ZoneMatcher m ->
                seenAs(policy.zone(m.zone())
                        .map(zone -> zone.addresses().ranges())
                        .orElse(List.of()));
            case Rule.EndpointMatcher m ->
                endpoints.stream()
                        .filter(endpoint -> endpoint.name().equals(m.endpoint()))
                        .flatMap(endpoint -> Stream.concat(
                                translated(endpoint),
                                endpoint.linkIds().stream().sorted(BY_TEXT).flatMap(link -> by(endpoint, link))))
                        .toList();
            case Rule.LinkMatcher m ->
                withLink(m.link()).flatMap(endpoint -> by(endpoint, m.link())).toList();
            case Rule.OriginatorMatcher m ->
                switch (m.via()) {
                    case Rule.ViaLink via ->
                        withLink(via.link())
                                .<Probe>map(it -> new Probe.Originators(it.name(), via.link(), m.range()))
                                .toList();
                    case Rule.ViaEndpoint via ->
                        endpoints.stream()
                                .filter(endpoint -> endpoint.name().equals(via.endpoint()))
                                .flatMap(endpoint -> endpoint.linkIds().stream()
                                        .sorted(BY_TEXT)
                                        .<Probe>map(link -> new Probe.Originators(endpoint.name(), link, m.range())))
                                .toList();
                };
        };
    }

    /** Callers at these addresses: those at a translated one came by its endpoint. */
    private List<Probe> seenAs(List<AddressRange> ranges) {
        List<Probe> probes = new ArrayList<>();
        AddressSet rest = AddressSet.of(ranges);
        for (PrivateEndpoint endpoint : endpoints) {
            AddressSet others = rest.minus(AddressSet.of(endpoint.translatedAddresses()));
            rest.minus(others).ranges().forEach(range -> probes.add(new Probe.Translated(endpoint.name(), range)));
            rest = others;
        }
        rest.ranges().forEach(range -> probes.add(new Probe.Public(range)));
        return probes;
    }

    /** Callers of the endpoint without a link: at its addresses, or, where it has a listener, at any that is not another's. */
    private Stream<Probe> translated(PrivateEndpoint endpoint) {
        AddressSet addresses = AddressSet.of(endpoint.translatedAddresses());
        if (!endpoint.listeners().isEmpty()) {
            List<AddressRange> others = endpoints.stream()
                    .filter(other -> !other.name().equals(endpoint.name()))
                    .flatMap(other -> other.translatedAddresses().stream())
                    .toList();
            addresses = AddressSet.of(AddressRange.EVERYTHING).minus(AddressSet.of(others));
        }
        return addresses.ranges().stream().map(range -> new Probe.Translated(endpoint.name(), range));
    }

    private static Stream<Probe> by(PrivateEndpoint endpoint, LinkId link) {
        return Stream.concat(
                Stream.of(new Probe.WithoutOriginator(endpoint.name(), link)),
                AddressRange.EVERYTHING.stream().map(range -> new Probe.Originators(endpoint.name(), link, range)));
    }

    private Stream<PrivateEndpoint> withLink(LinkId link) {
        return endpoints.stream().filter(endpoint -> endpoint.linkIds().contains(link));
    }
}
