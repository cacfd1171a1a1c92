package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressTable;
import dev.postern.address.LinkId;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.source.SourceSettings.TrustedHops;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Connection facts to {@link Source}.
 *
 * <p>Begins with the transport peer, or with the address that a PROXY header names for it. While the address in hand is a
 * trusted proxy, the element before it in the forwarding header is taken, from the right, all lines of that name joined in
 * order. The first address that is not trusted is the caller; if all are, the leftmost is. An element that is needed and is
 * not a strict address makes the source unknown: it is never skipped, and there is no falling back.
 *
 * <p>Where a PROXY header carries a link id, its address is one of the consumer's own address space. It is held against no
 * list of ours, and no forwarding header is read for it. The same is so where a proxy that took the header hands its link on
 * as metadata: the peer is then that proxy's, and its address the header's.
 */
public final class SourceResolver {

    /** More proxies than this in one chain are a loop or an attack. */
    static final int MAX_TRUSTED_HOPS = 64;

    private final SourceSettings settings;
    private final MetadataLinks metadataLinks;
    private final AddressTable trustedProxies;
    private final AddressTable translated;
    private final List<PrivateEndpoint> endpointOfTranslated = new ArrayList<>();
    private final Map<LinkId, PrivateEndpoint> endpointByLink = new HashMap<>();
    private final Map<String, PrivateEndpoint> endpointByHostname = new HashMap<>();

    /** A resolver for these settings, which must have been checked for contradictions. */
    public SourceResolver(SourceSettings settings) {
        this.settings = settings;
        this.metadataLinks = new MetadataLinks(settings.linkKeys());
        this.trustedProxies =
                AddressTable.compile(settings.trust() instanceof TrustedProxies proxies ? proxies.blocks() : List.of());
        List<AddressRange> ranges = new ArrayList<>();
        for (PrivateEndpoint endpoint : settings.privateEndpoints()) {
            endpoint.translatedAddresses().forEach(range -> {
                ranges.add(range);
                endpointOfTranslated.add(endpoint);
            });
            endpoint.linkIds().forEach(link -> endpointByLink.put(link, endpoint));
            endpoint.hostnames().forEach(name -> endpointByHostname.put(name, endpoint));
        }
        this.translated = AddressTable.compile(ranges);
    }

    /** Whether a peer at this address is listed as one that is believed when it names another. */
    public boolean isTrustedProxy(Address address) {
        return trustedProxies.contains(address);
    }

    /** The source of a request that came by this connection. */
    public Source resolve(Connection connection) {
        List<Hop> evidence = new ArrayList<>(4);
        return switch (metadataLinks.read(connection.linkMetadata())) {
            case MetadataLinks.Refused refused -> {
                shown(connection.peer()).ifPresent(peer -> evidence.add(new Hop(peer, By.PEER, Finding.UNDECIDED)));
                evidence.add(refused.hop());
                yield new UnknownSource(refused.why(), evidence);
            }
            case MetadataLinks.Links links -> resolve(links.ids(), connection, evidence);
        };
    }

    private Source resolve(List<LinkId> handedOn, Connection connection, List<Hop> evidence) {
        return switch (connection.peer()) {
            case Peer.Unknown unknown -> new UnknownSource(Why.NO_PEER_ADDRESS, evidence);
            case Peer.Unix unix when !handedOn.isEmpty() -> noAddress(evidence);
            case Peer.Unix unix -> fromUnixPeer(connection, evidence);
            case Peer.Ip ip when !handedOn.isEmpty() -> linked(handedOn, ip.address(), By.PEER, connection, evidence);
            case Peer.Ip ip -> fromPeer(settings.nat64().canonical(ip.address()), connection, evidence);
        };
    }

    private static Optional<String> shown(Peer peer) {
        return switch (peer) {
            case Peer.Unknown unknown -> Optional.empty();
            case Peer.Unix unix -> Optional.of("unix");
            case Peer.Ip ip -> Optional.of(ip.address().toString());
        };
    }

    private static Source noAddress(List<Hop> evidence) {
        evidence.add(new Hop("unix", By.PEER, Finding.NOT_AN_ADDRESS));
        return new UnknownSource(Why.NO_PEER_ADDRESS, evidence);
    }

    /** A Unix socket has no address to be the caller's: whoever is trusted there must name one. */
    private Source fromUnixPeer(Connection connection, List<Hop> evidence) {
        boolean trusted = settings.trust() instanceof TrustedHops
                || settings.trust() instanceof TrustedProxies proxies && proxies.unixPeers();
        if (!trusted) {
            return noAddress(evidence);
        }
        evidence.add(new Hop("unix", By.PEER, Finding.TRUSTED_PROXY));
        return forwarded(Optional.empty(), By.PEER, connection, evidence);
    }

    private Source fromPeer(Address peer, Connection connection, List<Hop> evidence) {
        Optional<ProxyHeader> header =
                connection.proxyHeader().filter(named -> named.source().isPresent());
        if (header.isEmpty()) {
            return forwarded(Optional.of(peer), By.PEER, connection, evidence);
        }
        evidence.add(new Hop(peer.toString(), By.PEER, Finding.TRUSTED_PROXY));
        Address named = header.get().source().orElseThrow();
        return switch (CloudLinks.read(header.get().tlvs())) {
            case CloudLinks.Malformed malformed -> new UnknownSource(Why.MALFORMED_LINK, evidence);
            case CloudLinks.Duplicate duplicate -> new UnknownSource(Why.DUPLICATE_LINK, evidence);
            case CloudLinks.Links links ->
                links.ids().isEmpty()
                        ? forwarded(
                                Optional.of(settings.nat64().canonical(named)), By.PROXY_PROTOCOL, connection, evidence)
                        : linked(links.ids(), named, By.PROXY_PROTOCOL, connection, evidence);
        };
    }

    /** By a link: the originator's address says nothing on this side of it. */
    private Source linked(
            List<LinkId> links, Address originator, By readBy, Connection connection, List<Hop> evidence) {
        evidence.add(new Hop(originator.toString(), readBy, Finding.ORIGINATOR));
        Set<PrivateEndpoint> endpoints = new LinkedHashSet<>(endpointsOfArrival(connection));
        for (LinkId link : links) {
            PrivateEndpoint endpoint = endpointByLink.get(link);
            evidence.add(new Hop(
                    link.toString(), By.LINK, endpoint == null ? Finding.UNKNOWN_LINK : Finding.PRIVATE_ENDPOINT));
            if (endpoint == null) {
                return new UnknownSource(Why.UNKNOWN_LINK, evidence);
            }
            endpoints.add(endpoint);
        }
        if (links.size() > 1 && endpoints.size() == 1) {
            // Of one endpoint, but a rule may speak of either link: which one it came by cannot be known.
            return new UnknownSource(Why.DUPLICATE_LINK, evidence);
        }
        return by(endpoints, connection, evidence)
                .<Source>map(endpoint -> new PrivateSource(
                        endpoint.name(), new Linked(links.getFirst(), Optional.of(originator)), evidence))
                .orElseGet(() -> new UnknownSource(Why.PRIVATE_ENDPOINT_MISMATCH, evidence));
    }

    /** Goes from the address in hand to the caller by what trusted proxies say; empty in hand is a Unix peer. */
    private Source forwarded(Optional<Address> inHand, By readBy, Connection connection, List<Hop> evidence) {
        Optional<Address> caller = inHand;
        By by = readBy;
        ForwardingElements elements = null;
        int hops = 0;
        while (mustStepOver(caller, hops)) {
            if (elements == null) {
                elements = elements(connection);
            }
            if (!elements.hasNext()) {
                if (settings.trust() instanceof TrustedHops) {
                    return new UnknownSource(Why.TOO_FEW_HOPS, evidence);
                }
                break;
            }
            if (caller.isPresent()) {
                evidence.add(new Hop(caller.get().toString(), by, Finding.TRUSTED_PROXY));
            }
            if (++hops > MAX_TRUSTED_HOPS) {
                return new UnknownSource(Why.TOO_MANY_HOPS, evidence);
            }
            ForwardingElements.Element element = elements.next();
            by = settings.forwardingHeader() == SourceSettings.ForwardingHeader.FORWARDED
                    ? By.FORWARDED
                    : By.X_FORWARDED_FOR;
            caller = element.address().map(settings.nat64()::canonical);
            if (caller.isEmpty()) {
                evidence.add(new Hop(element.text(), by, Finding.NOT_AN_ADDRESS));
                return new UnknownSource(Why.MALFORMED_FORWARDING_HEADER, evidence);
            }
        }
        if (caller.isEmpty()) {
            return new UnknownSource(Why.NO_PEER_ADDRESS, evidence);
        }
        return side(caller.get(), by, connection, evidence);
    }

    private boolean mustStepOver(Optional<Address> inHand, int hops) {
        if (settings.forwardingHeader() == SourceSettings.ForwardingHeader.NONE) {
            return false;
        }
        return switch (settings.trust()) {
            case TrustedHops trusted -> hops < trusted.count();
            case TrustedProxies trusted -> inHand.isEmpty() || isTrustedProxy(inHand.get());
        };
    }

    private ForwardingElements elements(Connection connection) {
        return switch (settings.forwardingHeader()) {
            case FORWARDED -> ForwardingElements.forwarded(connection.headers().lines("forwarded"));
            case X_FORWARDED_FOR, NONE ->
                ForwardingElements.xForwardedFor(connection.headers().lines("x-forwarded-for"));
        };
    }

    /** Which side the caller came by, by the operator's evidence. */
    private Source side(Address caller, By by, Connection connection, List<Hop> evidence) {
        Set<PrivateEndpoint> endpoints = new LinkedHashSet<>(endpointsOfArrival(connection));
        int index = translated.find(caller);
        if (index != AddressTable.NONE) {
            endpoints.add(endpointOfTranslated.get(index));
        }
        Finding finding = !endpoints.isEmpty()
                ? Finding.PRIVATE_ENDPOINT
                : isTrustedProxy(caller) ? Finding.CALLER_ITSELF_TRUSTED : Finding.CALLER;
        evidence.add(new Hop(caller.toString(), by, finding));
        if (endpoints.isEmpty() && privateHostname(connection).isEmpty()) {
            return new PublicSource(caller, evidence);
        }
        return by(endpoints, connection, evidence)
                .<Source>map(endpoint -> new PrivateSource(endpoint.name(), caller, evidence))
                .orElseGet(() -> new UnknownSource(Why.PRIVATE_ENDPOINT_MISMATCH, evidence));
    }

    /** The one endpoint that everything points to; the host name, the caller's own word, can only contradict. */
    private Optional<PrivateEndpoint> by(Set<PrivateEndpoint> endpoints, Connection connection, List<Hop> evidence) {
        Optional<PrivateEndpoint> only =
                endpoints.size() == 1 ? Optional.of(endpoints.iterator().next()) : Optional.empty();
        Optional<PrivateEndpoint> named = privateHostname(connection);
        if (named.isPresent() && !named.equals(only)) {
            evidence.add(new Hop(connection.host().orElse(""), By.HOST, Finding.PRIVATE_HOSTNAME));
            return Optional.empty();
        }
        return only;
    }

    private List<PrivateEndpoint> endpointsOfArrival(Connection connection) {
        if (connection.arrival().isEmpty() || settings.privateEndpoints().isEmpty()) {
            return List.of();
        }
        ListeningSocket arrived = connection.arrival().get();
        return settings.privateEndpoints().stream()
                .filter(endpoint -> endpoint.listeners().stream().anyMatch(socket -> socket.covers(arrived)))
                .toList();
    }

    private Optional<PrivateEndpoint> privateHostname(Connection connection) {
        return connection.host().flatMap(this::endpointOf);
    }

    private Optional<PrivateEndpoint> endpointOf(String host) {
        if (endpointByHostname.isEmpty()) {
            return Optional.empty();
        }
        int port = host.startsWith("[") ? -1 : host.indexOf(':');
        String name = (port < 0 ? host : host.substring(0, port)).toLowerCase(Locale.ROOT);
        String withoutRootDot = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return Optional.ofNullable(endpointByHostname.get(withoutRootDot));
    }
}
