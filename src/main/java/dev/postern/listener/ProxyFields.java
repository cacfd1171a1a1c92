package dev.postern.listener;

import dev.postern.source.ProxyHeader.Tlv;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The additional fields of a version 2 header (section 2.2): every byte of them accounted for, and the checksum held
 * against the header where there is one.
 */
final class ProxyFields {

    /** {@code PP2_TYPE_CRC32C}, section 2.2.3. */
    private static final int CRC32C = 0x03;

    /** {@code PP2_TYPE_SSL}, section 2.2.6: five bytes, and fields of its own. */
    private static final int SSL = 0x20;

    private static final int CRC_BYTES = 4;
    private static final int SSL_BYTES = 5;
    private static final int FIELD_HEADER = 3;

    private ProxyFields() {}

    /** What became of reading them. */
    sealed interface Outcome {}

    /** The fields, in order. */
    record Fields(List<Tlv> tlvs) implements Outcome {}

    /** They do not end where the header does, one of them is not in its form, or the checksum is wrong. */
    record Malformed(String why) implements Outcome {}

    /**
     * Reads the fields.
     *
     * @param header the whole header
     * @param from where the fields begin
     */
    static Outcome read(byte[] header, int from) {
        List<Tlv> tlvs = new ArrayList<>();
        int at = from;
        int checksumAt = -1;
        if (at > header.length) {
            return new Malformed("a header that is shorter than its addresses");
        }
        while (at < header.length) {
            if (header.length - at < FIELD_HEADER) {
                return new Malformed("bytes after the last field");
            }
            int type = header[at] & 0xff;
            int length = length(header, at);
            int value = at + FIELD_HEADER;
            if (length > header.length - value) {
                return new Malformed("a field that runs past the end of the header");
            }
            if (type == CRC32C) {
                if (length != CRC_BYTES || checksumAt >= 0) {
                    return new Malformed("a checksum that is not one of 4 bytes");
                }
                checksumAt = value;
            }
            if (type == SSL && !isSsl(header, value, value + length)) {
                return new Malformed("an SSL field that is not in its form");
            }
            tlvs.add(new Tlv(type, Arrays.copyOfRange(header, value, value + length)));
            at = value + length;
        }
        if (checksumAt >= 0 && !checksumIsRight(header, checksumAt)) {
            return new Malformed("a checksum that is not the header's");
        }
        return new Fields(tlvs);
    }

    private static int length(byte[] header, int field) {
        return (header[field + 1] & 0xff) << 8 | header[field + 2] & 0xff;
    }

    /** Whether its own fields end where it does; none of them is an SSL field again. */
    private static boolean isSsl(byte[] header, int from, int to) {
        int at = from + SSL_BYTES;
        while (to - at >= FIELD_HEADER && header[at] != SSL) {
            at += FIELD_HEADER + length(header, at);
        }
        return at == to;
    }

    /** Over the whole header, the checksum's own bytes taken as zero. */
    private static boolean checksumIsRight(byte[] header, int at) {
        byte[] zeroed = header.clone();
        Arrays.fill(zeroed, at, at + CRC_BYTES, (byte) 0);
        CRC32C checksum = new CRC32C();
        checksum.update(zeroed);
        return ByteBuffer.wrap(header, at, CRC_BYTES).getInt() == (int) checksum.getValue();
    }
}
