package dev.postern.source;

import dev.postern.address.LinkId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ids of private links that the clouds' load balancers put into PROXY protocol headers. */
final class CloudLinks {

    /** {@code PP2_TYPE_AWS}: a subtype, 0x01 for the VPC endpoint's id, then that in ASCII. */
    static final int AWS = 0xEA;

    /** {@code PP2_TYPE_AZURE}: a subtype, 0x01 for the LinkID, then that in 4 bytes, little-endian. */
    static final int AZURE = 0xEE;

    /** {@code PP2_TYPE_GCP}: the Private Service Connect connection id, 8 bytes, big-endian. */
    static final int GCP = 0xE0;

    private static final byte SUBTYPE = 0x01;

    private CloudLinks() {}

    /** What the fields say. */
    sealed interface Outcome {}

    /** The links, at most one of each cloud. */
    record Links(List<LinkId> ids) implements Outcome {}

    /** A field of a cloud's type has not the cloud's form. */
    record Malformed() implements Outcome {}

    /** A field stands twice: one of them may be the caller's own. */
    record Duplicate() implements Outcome {}

    static Outcome read(List<ProxyHeader.Tlv> tlvs) {
        List<LinkId> ids = new ArrayList<>(1);
        Set<LinkId.Cloud> seen = EnumSet.noneOf(LinkId.Cloud.class);
        for (ProxyHeader.Tlv tlv : tlvs) {
            Optional<LinkId.Cloud> cloud = cloud(tlv.type());
            if (cloud.isEmpty()) {
                continue;
            }
            if (!seen.add(cloud.get())) {
                return new Duplicate();
            }
            Optional<LinkId> id = id(cloud.get(), tlv.value());
            if (id.isEmpty()) {
                return new Malformed();
            }
            ids.add(id.get());
        }
        return new Links(List.copyOf(ids));
    }

    /** The field that carries the link, as its cloud's load balancer writes it. */
    static ProxyHeader.Tlv field(LinkId link) {
        return switch (link.cloud()) {
            case AWS -> {
                byte[] id = link.value().getBytes(StandardCharsets.ISO_8859_1);
                yield new ProxyHeader.Tlv(
                        AWS,
                        ByteBuffer.allocate(id.length + 1).put(SUBTYPE).put(id).array());
            }
            case AZURE ->
                new ProxyHeader.Tlv(
                        AZURE,
                        ByteBuffer.allocate(5)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .put(SUBTYPE)
                                .putInt(Integer.parseUnsignedInt(link.value()))
                                .array());
            case GCP ->
                new ProxyHeader.Tlv(
                        GCP,
                        ByteBuffer.allocate(8)
                                .putLong(Long.parseUnsignedLong(link.value()))
                                .array());
        };
    }

    private static Optional<LinkId.Cloud> cloud(int type) {
        return switch (type) {
            case AWS -> Optional.of(LinkId.Cloud.AWS);
            case AZURE -> Optional.of(LinkId.Cloud.AZURE);
            case GCP -> Optional.of(LinkId.Cloud.GCP);
            default -> Optional.empty();
        };
    }

    /** The link that a field of this cloud's has, or empty where the value has not the cloud's form. */
    static Optional<LinkId> id(LinkId.Cloud cloud, byte[] value) {
        return switch (cloud) {
            case AWS ->
                value.length > 0 && value[0] == SUBTYPE
                        ? LinkId.aws(new String(value, 1, value.length - 1, StandardCharsets.ISO_8859_1))
                        : Optional.empty();
            case AZURE ->
                value.length == 5 && value[0] == SUBTYPE
                        ? Optional.of(LinkId.azure(ByteBuffer.wrap(value, 1, 4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getInt()))
                        : Optional.empty();
            case GCP ->
                value.length == 8
                        ? Optional.of(LinkId.gcp(ByteBuffer.wrap(value).getLong()))
                        : Optional.empty();
        };
    }
}
