package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** PROXY headers for tests. */
final class Proxied {

    private Proxied() {}

    /** A header that names this address, with these links. */
    static ProxyHeader by(String source, String... links) {
        return with(
                source,
                Arrays.stream(links).map(Proxied::link).map(Proxied::tlv).toList());
    }

    /** A header that names this address, with these fields. */
    static ProxyHeader with(String source, List<ProxyHeader.Tlv> tlvs) {
        return new ProxyHeader(2, Optional.of(Address.parse(source).orElseThrow()), tlvs);
    }

    /** A header that names nobody. */
    static ProxyHeader local() {
        return new ProxyHeader(2, Optional.empty(), List.of());
    }

    /** A field, as its type, two colons and its bytes, all in hexadecimal digits. */
    static ProxyHeader.Tlv tlv(String text) {
        int colons = text.indexOf("::");
        return new ProxyHeader.Tlv(
                HexFormat.fromHexDigits(text, 0, colons), HexFormat.of().parseHex(text.substring(colons + 2)));
    }

    /** The field in which the link's cloud sends it. */
    static ProxyHeader.Tlv tlv(LinkId link) {
        return switch (link.cloud()) {
            case AWS -> new ProxyHeader.Tlv(0xEA, ("\u0001" + link.value()).getBytes(StandardCharsets.ISO_8859_1));
            case AZURE ->
                new ProxyHeader.Tlv(
                        0xEE,
                        ByteBuffer.allocate(5)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .put((byte) 1)
                                .putInt(Integer.parseUnsignedInt(link.value()))
                                .array());
            case GCP ->
                new ProxyHeader.Tlv(
                        0xE0,
                        ByteBuffer.allocate(8)
                                .putLong(Long.parseUnsignedLong(link.value()))
                                .array());
        };
    }

    static LinkId link(String text) {
        return LinkId.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }
}
