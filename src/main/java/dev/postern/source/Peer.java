package dev.postern.source;

import dev.postern.address.Address;

/** Who is at the other end of the transport connection. */
public sealed interface Peer {

    /** A socket with this address. */
    record Ip(Address address) implements Peer {}

    /** A Unix socket: no address, but a fact of this host's own. */
    record Unix() implements Peer {}

    /** It cannot be said. */
    record Unknown() implements Peer {}
}
