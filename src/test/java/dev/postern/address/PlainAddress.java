package dev.postern.address;

import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses, ranges and link ids by other means: the grammar of RFC 3986, the JDK's values, and whole numbers. */
final class PlainAddress {

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String DOTTED = String.join("\\.", Collections.nCopies(4, OCTET));
    private static final String GROUP = "[0-9a-fA-F]{1,4}";
    private static final String LAST = "(?:" + GROUP + ":" + GROUP + "|" + DOTTED + ")";

    /** {@code IPv4address} and {@code IPv6address}, section 3.2.2. */
    private static final Pattern IP = Pattern.compile(String.join(
                    "|",
                    DOTTED,
                    "(?:G:){6}L",
                    "::(?:G:){5}L",
                    "(?:G)?::(?:G:){4}L",
                    "(?:(?:G:){0,1}G)?::(?:G:){3}L",
                    "(?:(?:G:){0,2}G)?::(?:G:){2}L",
                    "(?:(?:G:){0,3}G)?::G:L",
                    "(?:(?:G:){0,4}G)?::L",
                    "(?:(?:G:){0,5}G)?::G",
                    "(?:(?:G:){0,6}G)?::")
            .replace("G", GROUP)
            .replace("L", LAST));

    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern AWS = Pattern.compile("aws:vpce-[0-9a-f]{8,17}");
    private static final Pattern NUMBER = Pattern.compile("(azure|gcp):(0|[1-9][0-9]*)");
    private static final int LONGEST_RANGE = 106;

    private PlainAddress() {}

    static Optional<Address> read(String text) {
        if (!IP.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // A literal: no name is looked up.
            return Optional.of(of(InetAddress.getByName(text).getAddress()));
        } catch (UnknownHostException notOfTheGrammar) {
            throw new UncheckedIOException(notOfTheGrammar);
        }
    }

    private static Address of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4 ? Address.ipv4(buffer.getInt()) : Address.ipv6(buffer.getLong(), buffer.getLong());
    }

    static Optional<AddressRange> readRange(String text) {
        if (text.length() > LONGEST_RANGE) {
            return Optional.empty();
        }
        String[] block = text.split("/", 2);
        if (block.length == 2) {
            return own(block[0]).flatMap(first -> readBlock(first, block[1]));
        }
        String[] ends = text.split("-", 2);
        if (ends.length == 1) {
            return own(text).map(AddressRange::of);
        }
        Optional<Address> first = own(stripped(ends[0]));
        Optional<Address> last = own(stripped(ends[1]));
        return first.isPresent()
                        && last.isPresent()
                        && first.get().family() == last.get().family()
                        && number(first.get()).compareTo(number(last.get())) <= 0
                ? Optional.of(new AddressRange(first.get(), last.get()))
                : Optional.empty();
    }

    private static Optional<AddressRange> readBlock(Address first, String length) {
        int bits = first.family().bits();
        if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > bits) {
            return Optional.empty();
        }
        BigInteger size = BigInteger.TWO.pow(bits - Integer.parseInt(length));
        if (number(first).mod(size).signum() != 0) {
            return Optional.empty();
        }
        BigInteger last = number(first).add(size).subtract(BigInteger.ONE);
        return Optional.of(new AddressRange(
                first,
                first.family() == Address.Family.IPV4
                        ? Address.ipv4(last.intValue())
                        : Address.endOfRange6(last.shiftRight(64).longValue(), last.longValue())));
    }

    /** The address, where the text is of its own family: not a mapped address in IPv6 form. */
    private static Optional<Address> own(String text) {
        return read(text).filter(address -> address.family() == Address.Family.IPV6 || text.indexOf(':') < 0);
    }

    private static String stripped(String text) {
        return text.replaceAll("^\\p{javaWhitespace}+|\\p{javaWhitespace}+$", "");
    }

    private static BigInteger number(Address address) {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
        return new BigInteger(1, bytes);
    }

    static boolean isLinkId(String text) {
        if (AWS.matcher(text).matches()) {
            return true;
        }
        var number = NUMBER.matcher(text);
        return number.matches()
                && new BigInteger(number.group(2))
                                .compareTo(BigInteger.TWO.pow(number.group(1).equals("gcp") ? 64 : 32))
                        < 0;
    }
}
