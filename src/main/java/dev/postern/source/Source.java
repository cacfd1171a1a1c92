package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import java.util.List;
import java.util.Optional;

/**
 * Where a request comes from, as far as it can be known.
 *
 * <p>Sealed: a new kind of source is a deliberate change that the compiler flags at every place that judges one.
 */
public sealed interface Source {

    /** The hops that led to this answer, from the transport peer towards the caller. */
    List<Hop> evidence();

    /** What is known, in words, on one line. */
    default String summary() {
        return switch (this) {
            case PublicSource known -> "public, " + known.address();
            case PrivateSource known ->
                "private, by endpoint " + known.endpoint() + known.arrival().text();
            case UnknownSource unknown ->
                "unknown: " + unknown.why().wireName()
                        + unknown.why()
                                .remedy()
                                .map(remedy -> " (" + remedy + ")")
                                .orElse("");
        };
    }

    /** The summary, and below it each hop that was believed and why. */
    default String text() {
        StringBuilder text = new StringBuilder(summary());
        for (Hop hop : evidence()) {
            text.append("\n  ").append(hop.text());
        }
        return text.toString();
    }

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
     * @param arrival how it was known, and what that says
     */
    record PrivateSource(String endpoint, Arrival arrival, List<Hop> evidence) implements Source {
        /** Keeps its own copy of the evidence. */
        public PrivateSource {
            evidence = List.copyOf(evidence);
        }

        /** A source that was known by its translated address. */
        public PrivateSource(String endpoint, Address observed, List<Hop> evidence) {
            this(endpoint, new Translated(observed), evidence);
        }

        /** The translated address, where that is what was seen. */
        public Optional<Address> observed() {
            return arrival instanceof Translated translated ? Optional.of(translated.observed()) : Optional.empty();
        }

        /** The originator's own address, where the link tells it: an address of the consumer's own space. */
        public Optional<Address> originator() {
            return arrival instanceof Linked linked ? linked.originator() : Optional.empty();
        }

        /** The id of the link, where one was carried. */
        public Optional<LinkId> linkId() {
            return arrival instanceof Linked linked ? Optional.of(linked.linkId()) : Optional.empty();
        }
    }

    /** How a private source was known. */
    sealed interface Arrival {
        /** The same in words, to follow the endpoint's name. */
        String text();
    }

    /** By an address of the cloud's, or by the listener: this address is what the server side sees. */
    record Translated(Address observed) implements Arrival {
        @Override
        public String text() {
            return ", as " + observed;
        }
    }

    /**
     * By a link id that a trusted PROXY header carried.
     *
     * @param originator the header's address: of the consumer's own address space, in which two links' addresses collide
     */
    record Linked(LinkId linkId, Optional<Address> originator) implements Arrival {
        @Override
        public String text() {
            return ", link " + linkId
                    + originator.map(address -> ", originator " + address).orElse("");
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
        /** The connection has no IP address of its own, and nobody who is trusted names one. */
        NO_PEER_ADDRESS("no-peer-address"),
        /** An element of the forwarding header that is needed is not an address. */
        MALFORMED_FORWARDING_HEADER("malformed-forwarding-header"),
        /** The chain of trusted proxies is longer than any that is real. */
        TOO_MANY_HOPS("too-many-hops"),
        /** The forwarding header names fewer addresses than there are proxies. */
        TOO_FEW_HOPS("too-few-hops"),
        /** A link id is not in its cloud's form. */
        MALFORMED_LINK("malformed-link"),
        /** A link id stands twice, or two clouds' stand side by side. */
        DUPLICATE_LINK("duplicate-link"),
        /** Of which bytes a link id was can no longer be told from the text that a proxy made of them. */
        LOSSY_LINK_METADATA(
                "lossy-link-metadata",
                "the text does not say of which bytes it was made; in Envoy, list the namespace in ext_authz under"
                        + " typed_metadata_context_namespaces, or set value_string_encoding: BASE64 beside the key in proxy_protocol"),
        /** A proxy hands on fields as neither bytes nor text. */
        MALFORMED_LINK_METADATA(
                "malformed-link-metadata",
                "expected envoy.data.core.v3.TlvsMetadata as typed metadata, and strings as untyped"),
        /** What a proxy hands on as bytes and as text is not the same. */
        CONTRADICTORY_LINK_METADATA(
                "contradictory-link-metadata",
                "typed and untyped metadata differ: the PROXY header has the field twice, or another filter of Envoy's writes"
                        + " into the namespace"),
        /** A proxy hands on a field under a key that no setting names. */
        UNLISTED_LINK_METADATA(
                "unlisted-link-metadata",
                "the key may carry a link; name it under postern.envoy.link-metadata, as aws, azure, gcp or other"),
        /** No endpoint has the link. */
        UNKNOWN_LINK("unknown-link"),
        /** The host name asked for is a private endpoint's, and the connection did not come by it; or by another. */
        PRIVATE_ENDPOINT_MISMATCH("private-endpoint-mismatch");

        private final String wireName;
        private final String remedy;

        Why(String wireName) {
            this(wireName, "");
        }

        Why(String wireName, String remedy) {
            this.wireName = wireName;
            this.remedy = remedy;
        }

        /** What the operator can do, where it is not plain from the name. */
        public Optional<String> remedy() {
            return Optional.of(remedy).filter(text -> !text.isEmpty());
        }

        /** The name in audit events and documentation. */
        public String wireName() {
            return wireName;
        }
    }
}
