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
        return Address.parse(text).filter(address -> ipv6 == text.contains(":"));
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
                .map(tlvs -> new PlainProxyHeader(Verdict.COMPLETE, length, Optional.of(source), tlvs))
                .orElseGet(() -> only(Verdict.REFUSED));
    }

    /** The fields, or empty where they are malformed. */
    private static Optional<List<Tlv>> tlvs(ByteBuffer header) {
        List<Tlv> tlvs = new ArrayList<>();
        boolean checked = false;
        while (header.hasRemaining()) {
            if (header.remaining() < 3) {
                return Optional.empty();
            }
            int type = Byte.toUnsignedInt(header.get());
            byte[] value = new byte[Short.toUnsignedInt(header.getShort())];
            if (value.length > header.remaining()) {
                return Optional.empty();
            }
            int at = header.position();
            header.get(value);
            if (type == CHECKSUM) {
                if (checked || value.length != 4 || !isChecksum(value, at, header)) {
                    return Optional.empty();
                }
                checked = true;
            }
            if (type == SSL && !isSsl(ByteBuffer.wrap(value))) {
                return Optional.empty();
            }
            tlvs.add(new Tlv(type, value));
        }
        return Optional.of(tlvs);
    }

    /** A byte, four bytes, and fields none of which is of this type. */
    private static boolean isSsl(ByteBuffer value) {
        return value.remaining() >= 5
                && tlvs(value.position(5))
                        .filter(inner -> inner.stream().noneMatch(tlv -> tlv.type() == SSL))
                        .isPresent();
    }

    private static boolean isChecksum(byte[] value, int at, ByteBuffer header) {
        CRC32C checksum = new CRC32C();
        checksum.update(header.array(), 0, at);
        checksum.update(new byte[4]);
        checksum.update(header.array(), at + 4, header.limit() - at - 4);
        return ByteBuffer.wrap(value).getInt() == (int) checksum.getValue();
    }

    private static PlainProxyHeader only(Verdict verdict) {
        return new PlainProxyHeader(verdict, 0, Optional.empty(), List.of());
    }
}
