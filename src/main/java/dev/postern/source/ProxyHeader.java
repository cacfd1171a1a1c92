package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import java.util.List;
import java.util.Optional;

/**
 * What a PROXY protocol header said (The PROXY protocol, versions 1 and 2), taken from a sender that is trusted for it.
 *
 * @param version 1 or 2
 * @param source the address that the sender saw; empty for {@code LOCAL} and {@code UNKNOWN}, which name nobody
 * @param tlvs the additional fields, in order; none for {@code LOCAL} and {@code UNKNOWN}
 */
public record ProxyHeader(int version, Optional<Address> source, List<Tlv> tlvs) {

    /** Keeps its own copy. */
    public ProxyHeader {
        tlvs = List.copyOf(tlvs);
    }

    /** A version 2 header that names this address and carries these links. */
    public static ProxyHeader of(Address source, List<LinkId> links) {
        return new ProxyHeader(
                2, Optional.of(source), links.stream().map(CloudLinks::field).toList());
    }

    /**
     * An additional field (section 2.2.7).
     *
     * @param type its type, 0 to 255
     * @param value its bytes
     */
    public record Tlv(int type, byte[] value) {}
}
