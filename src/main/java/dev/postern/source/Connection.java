package dev.postern.source;

import dev.postern.address.Address;
import java.util.List;
import java.util.Optional;

/**
 * What a door knows of a request's connection, before anything is believed.
 *
 * @param peer the address of the transport peer; empty where it has none
 * @param headers the request's header lines, read only when the peer is a trusted proxy
 * @param host the host name that the caller asked for, with or without a port; its own word
 */
public record Connection(Optional<Address> peer, Headers headers, Optional<String> host) {

    /** Access to header lines by name. */
    @FunctionalInterface
    public interface Headers {
        /** All lines of that name, in the order of arrival; names are compared without regard to case. */
        List<String> lines(String name);
    }
}
