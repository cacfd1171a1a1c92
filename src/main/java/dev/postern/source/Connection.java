package dev.postern.source;

import dev.postern.address.Address;
import java.util.List;
import java.util.Optional;

/**
 * What a door knows of a request's connection, before anything is believed.
 *
 * @param peer the transport peer
 * @param proxyHeader the PROXY protocol header, where the connection came by a listener for it, from a trusted sender
 * @param headers the request's header lines, read only when a trusted proxy wrote them
 * @param host the host name that the caller asked for, with or without a port; its own word
 * @param arrival the socket at which the connection arrived, where it is known
 * @param linkMetadata what a trusted proxy hands on of the PROXY header by which its connection came, where the peer is that
 *     connection's
 */
public record Connection(
        Peer peer,
        Optional<ProxyHeader> proxyHeader,
        Headers headers,
        Optional<String> host,
        Optional<ListeningSocket> arrival,
        LinkMetadata linkMetadata) {

    /** A connection that is Postern's own, and not a proxy's. */
    public Connection(
            Peer peer,
            Optional<ProxyHeader> proxyHeader,
            Headers headers,
            Optional<String> host,
            Optional<ListeningSocket> arrival) {
        this(peer, proxyHeader, headers, host, arrival, new LinkMetadata.None());
    }

    /** A connection of which no more is known than its peer, the request's headers and host. */
    public Connection(Optional<Address> peer, Headers headers, Optional<String> host) {
        this(
                peer.<Peer>map(Peer.Ip::new).orElseGet(Peer.Unknown::new),
                Optional.empty(),
                headers,
                host,
                Optional.empty());
    }

    /** Access to header lines by name. */
    @FunctionalInterface
    public interface Headers {
        /** All lines of that name, in the order of arrival; names are compared without regard to case. */
        List<String> lines(String name);
    }
}
