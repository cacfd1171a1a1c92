package dev.postern.source;

import dev.postern.address.AddressRange;
import java.util.List;
import java.util.Set;

/**
 * What the operator has said about the network in front of Postern.
 *
 * @param trustedProxies the blocks of the proxies whose word about the caller is believed
 * @param forwardingHeader the one header in which they give it
 * @param privateEndpoints the private endpoints by which callers may come
 */
public record SourceSettings(
        List<AddressRange> trustedProxies, ForwardingHeader forwardingHeader, List<PrivateEndpoint> privateEndpoints) {

    /** The header in which trusted proxies name the address that they saw. Exactly one is ever read. */
    public enum ForwardingHeader {
        /** {@code X-Forwarded-For}: a comma-separated list, each proxy appending at the right. */
        X_FORWARDED_FOR,
        /** No header is read: the transport peer is the caller. */
        NONE
    }

    /**
     * A private endpoint: a link by which the server side sees an address of the cloud's and not the originator's.
     *
     * @param name the name by which rules and refusals call it
     * @param hostnames names that only callers of this endpoint have reason to ask for, in lower case
     * @param translatedAddresses the addresses that the server side sees for callers of this endpoint
     */
    public record PrivateEndpoint(String name, Set<String> hostnames, List<AddressRange> translatedAddresses) {
        /** Keeps its own copies. */
        public PrivateEndpoint {
            hostnames = Set.copyOf(hostnames);
            translatedAddresses = List.copyOf(translatedAddresses);
        }
    }

    /** Keeps its own copies. */
    public SourceSettings {
        trustedProxies = List.copyOf(trustedProxies);
        privateEndpoints = List.copyOf(privateEndpoints);
    }
}
