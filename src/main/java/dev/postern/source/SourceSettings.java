package dev.postern.source;

import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.address.Nat64;
import java.util.List;
import java.util.Set;

/**
 * What the operator has said about the network in front of Postern.
 *
 * @param trust whose word about the caller is believed
 * @param forwardingHeader the one header in which they give it
 * @param nat64 the NAT64 prefixes whose addresses stand for IPv4 addresses
 * @param privateEndpoints the private endpoints by which callers may come
 * @param linkKeys the keys under which proxies hand links on
 */
public record SourceSettings(
        Trust trust,
        ForwardingHeader forwardingHeader,
        Nat64 nat64,
        List<PrivateEndpoint> privateEndpoints,
        LinkKeys linkKeys) {

    /** Whose word about the caller is believed. */
    public sealed interface Trust {}

    /**
     * That of proxies at these addresses.
     *
     * @param blocks their addresses
     * @param unixPeers whether a peer at a Unix socket is one
     */
    public record TrustedProxies(List<AddressRange> blocks, boolean unixPeers) implements Trust {
        /** Keeps its own copy. */
        public TrustedProxies {
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * That of a fixed number of proxies, whoever they are: for networks in which nobody else can reach Postern.
     *
     * @param count how many proxies there are between the caller and Postern, at least 1
     */
    public record TrustedHops(int count) implements Trust {}

    /** The header in which trusted proxies name the address that they saw. Exactly one is ever read. */
    public enum ForwardingHeader {
        /** {@code X-Forwarded-For}: a comma-separated list, each proxy appending at the right. */
        X_FORWARDED_FOR,
        /** {@code Forwarded} (RFC 7239): likewise, with parameters. */
        FORWARDED,
        /** No header is read: the transport peer is the caller. */
        NONE
    }

    /**
     * A private endpoint: a link by which the server side sees an address of the cloud's and not the originator's.
     *
     * @param name the name by which rules and refusals call it
     * @param hostnames names that only callers of this endpoint have reason to ask for, in lower case
     * @param translatedAddresses the addresses that the server side sees for callers of this endpoint
     * @param linkIds the ids that the cloud gives the links of this endpoint
     * @param listeners the sockets at which callers of this endpoint arrive, and nobody else
     */
    public record PrivateEndpoint(
            String name,
            Set<String> hostnames,
            List<AddressRange> translatedAddresses,
            Set<LinkId> linkIds,
            List<ListeningSocket> listeners) {
        /** Keeps its own copies. */
        public PrivateEndpoint {
            hostnames = Set.copyOf(hostnames);
            translatedAddresses = List.copyOf(translatedAddresses);
            linkIds = Set.copyOf(linkIds);
            listeners = List.copyOf(listeners);
        }

        /** An endpoint that is known by its translated addresses only. */
        public PrivateEndpoint(String name, Set<String> hostnames, List<AddressRange> translatedAddresses) {
            this(name, hostnames, translatedAddresses, Set.of(), List.of());
        }
    }

    /** Keeps its own copy. */
    public SourceSettings {
        privateEndpoints = List.copyOf(privateEndpoints);
    }

    /** Settings without proxies that hand links on. */
    public SourceSettings(
            Trust trust, ForwardingHeader forwardingHeader, Nat64 nat64, List<PrivateEndpoint> privateEndpoints) {
        this(trust, forwardingHeader, nat64, privateEndpoints, LinkKeys.NONE);
    }

    /** Settings with a list of trusted proxies, and without NAT64. */
    public SourceSettings(
            List<AddressRange> trustedProxies,
            ForwardingHeader forwardingHeader,
            List<PrivateEndpoint> privateEndpoints) {
        this(new TrustedProxies(trustedProxies, false), forwardingHeader, Nat64.NONE, privateEndpoints);
    }
}
