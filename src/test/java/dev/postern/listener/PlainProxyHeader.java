package dev.postern.listener;

import dev.postern.address.Address;
import dev.postern.source.ProxyHeader.Tlv;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What bytes are by "The PROXY protocol", read by other means than the reader's.
 *
 * @param length of the header, where it is complete
 */
record PlainProxyHeader(Verdict verdict, int length, Optional<Address> source, List<Tlv> tlvs) {

    enum Verdict {
        INCOMPLETE,
        REFUSED,
        COMPLETE
    }

    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String WORD = "PROXY ";
    private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN(?: .*)?", Pattern.DOTALL);
    private static final Pattern LINE =
            Pattern.compile("PROXY TCP([46]) ([^ ]+) ([^ ]+) ([1-9][0-9]{0,4}) ([1-9][0-9]{0,4})");
    private static final int LONGEST_LINE = 107;
    private static final int CHECKSUM = 0x03;
    private static final int SSL = 0x20;

    static PlainProxyHeader read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.startsWith(SIGNATURE)) {
            return version2(ByteBuffer.wrap(bytes));
        }
        if (text.startsWith(WORD)) {
            return version1(text);
        }
        return SIGNATURE.startsWith(text) || WORD.startsWith(text) ? only(Verdict.INCOMPLETE) : only(Verdict.REFUSED);
    }

    private static PlainProxyHeader version1(String text) {
        int end = text.indexOf("\r\n");
        if (end < 0 || end + 2 > LONGEST_LINE) {
            return only(text.length() < LONGEST_LINE ? Verdict.INCOMPLETE : Verdict.REFUSED);
        }
        String line = text.substring(0, end);
        if (UNKNOWN.matcher(line).matches()) {
            return new PlainProxyHeader(Verdict.COMPLETE, end + 2, Optional.empty(), List.of());
        }
        Matcher known = LINE.matcher(line);
        if (!known.matches() || Integer.parseInt(known.group(4)) > 65535 || Integer.parseInt(known.group(5)) > 65535) {
            return only(Verdict.REFUSED);
        }
        boolean ipv6 = known.group(1).equals("6");
        Optional<Address> source = address(known.group(2), ipv6);
        boolean both = source.isPresent() && address(known.group(3), ipv6).isPresent();
        return both ? new PlainProxyHeader(Verdict.COMPLETE, end + 2, source, List.of()) : only(Verdict.REFUSED);
    }

    private static Optional<Address> address(String text, boolean ipv6) {
        boolean inForm = ipv6
                ? text.contains(":") && (!text.contains(".") || text.matches("(?i)::ffff:[0-9.]+"))
                : !text.contains(":");
        return inForm ? Address.parse(text) : Optional.empty();
    }

    private static PlainProxyHeader version2(ByteBuffer bytes) {
        if (bytes.limit() < 16) {
            return only(Verdict.INCOMPLETE);
        }
        int length = 16 + Short.toUnsignedInt(bytes.getShort(14));
        boolean local = bytes.get(12) == 0x20;
        if (!local && bytes.get(12) != 0x21 || length > ProxyHeaderReader.MAX_HEADER) {
            return only(Verdict.REFUSED);
        }
        if (bytes.limit() < length) {
            return only(Verdict.INCOMPLETE);
        }
        if (local) {
            return new PlainProxyHeader(Verdict.COMPLETE, length, Optional.empty(), List.of());
        }
        boolean ipv4 = bytes.get(13) == 0x11;
        int fields = ipv4 ? 16 + 12 : 16 + 36;
        if (!ipv4 && bytes.get(13) != 0x21 || length < fields) {
            return only(Verdict.REFUSED);
        }
        Address source = ipv4 ? Address.ipv4(bytes.getInt(16)) : Address.ipv6(bytes.getLong(16), bytes.getLong(24));
        byte[] header = Arrays.copyOf(bytes.array(), length);
        return tlvs(ByteBuffer.wrap(header).position(fields))
                .filter(tlvs -> tlvs.stream().allMatch(PlainProxyHeader::isInItsForm))
                .filter(tlvs -> isChecked(header, fields, tlvs))
                .map(tlvs -> new PlainProxyHeader(Verdict.COMPLETE, length, Optional.of(source), tlvs))
                .orElseGet(() -> only(Verdict.REFUSED));
    }

    /** The fields, or empty where they do not end where the bytes do. */
    private static Optional<List<Tlv>> tlvs(ByteBuffer bytes) {
        List<Tlv> tlvs = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (bytes.remaining() < 3) {
                return Optional.empty();
            }
            int type = Byte.toUnsignedInt(bytes.get());
            byte[] value = new byte[Short.toUnsignedInt(bytes.getShort())];
            if (value.length > bytes.remaining()) {
                return Optional.empty();
            }
            bytes.get(value);
            tlvs.add(new Tlv(type, value));
        }
        return Optional.of(tlvs);
    }

    /** A checksum is four bytes; an SSL field five, and fields none of which is of this type. */
    private static boolean isInItsForm(Tlv tlv) {
        return switch (tlv.type()) {
            case CHECKSUM -> tlv.value().length == 4;
            case SSL ->
                tlv.value().length >= 5
                        && tlvs(ByteBuffer.wrap(tlv.value()).position(5))
                                .filter(inner -> inner.stream().noneMatch(field -> field.type() == SSL))
                                .isPresent();
            default -> true;
        };
    }

    /** Whether there is no checksum, or one, and that is right. */
    private static boolean isChecked(byte[] header, int fields, List<Tlv> tlvs) {
        int at = fields;
        List<Integer> checksums = new ArrayList<>();
        for (Tlv tlv : tlvs) {
            if (tlv.type() == CHECKSUM) {
                checksums.add(at + 3);
            }
            at += 3 + tlv.value().length;
        }
        return checksums.isEmpty() || checksums.size() == 1 && isChecksum(header, checksums.getFirst());
    }

    private static boolean isChecksum(byte[] header, int at) {
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, at);
        checksum.update(new byte[4]);
        checksum.update(header, at + 4, header.length - at - 4);
        return ByteBuffer.wrap(header, at, 4).getInt() == (int) checksum.getValue();
    }

    private static PlainProxyHeader only(Verdict verdict) {
        return new PlainProxyHeader(verdict, 0, Optional.empty(), List.of());
    }
}
