package dev.postern.source;

import dev.postern.address.Address;
import java.util.List;

/**
 * Where a request comes from, as far as it can be known.
 *
 * <p>Sealed: a new kind of source is a deliberate change that the compiler flags at every place that judges one.
 */
public sealed interface Source {

    /** The hops that led to this answer, from the transport peer towards the caller. */
    List<Hop> evidence();

    /** The request came over the public network, from this address. */
    record PublicSource(Address address, List<Hop> evidence) implements Source {
        /** Keeps its own copy of the evidence. */
        public PublicSource {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * The request came by a private endpoint.
     *
     * @param endpoint the endpoint's name in the operator's settings
     * @param observed the address that the server side sees: the translated one, not the originator's
     */
    record PrivateSource(String endpoint, Address observed, List<Hop> evidence) implements Source {
        /** Keeps its own copy of the evidence. */
        public PrivateSource {
            evidence = List.copyOf(evidence);
        }
    }

    /** It cannot be known where the request comes from. */
    record UnknownSource(Why why, List<Hop> evidence) implements Source {
        /** Keeps its own copy of the evidence. */
        public UnknownSource {
            evidence = List.copyOf(evidence);
        }
    }

    /** Why a source is unknown. For the operator only: a caller is told no more than that it is. */
    enum Why {
        /** The connection has no IP address of its own, as a Unix socket has none. */
        NO_PEER_ADDRESS("no-peer-address"),
        /** An element of the forwarding header that is needed is not an address. */
        MALFORMED_FORWARDING_HEADER("malformed-forwarding-header"),
        /** The chain of trusted proxies is longer than any that is real. */
        TOO_MANY_HOPS("too-many-hops"),
        /** The host name asked for is a private endpoint's, and the connection did not come by it; or by another. */
        PRIVATE_ENDPOINT_MISMATCH("private-endpoint-mismatch");

        private final String wireName;

        Why(String wireName) {
            this.wireName = wireName;
        }

        /** The name in audit events and documentation. */
        public String wireName() {
            return wireName;
        }
    }
}
