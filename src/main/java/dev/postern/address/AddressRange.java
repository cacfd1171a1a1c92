package dev.postern.address;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * The addresses from {@code first} to {@code last}, both included and of one family.
 *
 * @param first the lowest address
 * @param last the highest address, not below {@code first}
 */
public record AddressRange(Address first, Address last) {

    /** What became of reading a range. */
    public sealed interface Syntax {}

    /** The text is a range. */
    public record Parsed(AddressRange range) implements Syntax {}

    /** The text is none; {@code why} says what is wrong with it and which form was expected. */
    public record Malformed(String why) implements Syntax {}

    /** The forms that {@link #parse} reads, for error texts. */
    public static final String FORMS =
            "an address (203.0.113.7), a CIDR block (203.0.113.0/24) or a range (203.0.113.7-203.0.113.30), IPv4 or IPv6";

    /** All addresses of both families, IPv4 first. */
    public static final List<AddressRange> EVERYTHING = List.of(
            new AddressRange(Address.ipv4(0), Address.lastOf(Address.Family.IPV4)),
            new AddressRange(Address.ipv6(0, 0), Address.lastOf(Address.Family.IPV6)));

    /** Two addresses and a hyphen with blanks around it. */
    private static final int MAX_TEXT = 2 * Address.MAX_TEXT + 16;

    /** Checks that both ends are of one family and in order. */
    public AddressRange {
        if (first.family() != last.family() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("not a range: " + first + "-" + last);
        }
    }

    /** The range of one address. */
    public static AddressRange of(Address single) {
        return new AddressRange(single, single);
    }

    /**
     * Reads a single address, a CIDR block (RFC 4632, RFC 4291) or an {@code a-b} range.
     *
     * <p>A block with host bits set is malformed, and so is IPv6 text for IPv4 addresses ({@code ::ffff:…}): whoever
     * wrote it meant something else than what it would match.
     */
    public static Syntax parse(String text) {
        if (text.length() > MAX_TEXT) {
            return new Malformed("is too long for an address; expected " + FORMS);
        }
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return parseBlock(text, text.substring(0, slash), text.substring(slash + 1));
        }
        int hyphen = text.indexOf('-');
        if (hyphen >= 0) {
            return parseEnds(
                    text,
                    text.substring(0, hyphen).strip(),
                    text.substring(hyphen + 1).strip());
        }
        return parseEnds(text, text, text);
    }

    private static Syntax parseEnds(String text, String firstText, String lastText) {
        Optional<Address> first = Address.parse(firstText);
        Optional<Address> last = Address.parse(lastText);
        if (first.isEmpty() || last.isEmpty()) {
            return new Malformed(quoted(text) + " is not an address; expected " + FORMS);
        }
        if (isMappedText(firstText, first.get()) || isMappedText(lastText, last.get())) {
            return new Malformed(quoted(text) + " is IPv6 text for IPv4 addresses; write them as IPv4: "
                    + (first.equals(last) ? first.get() : first.get() + "-" + last.get()));
        }
        if (first.get().family() != last.get().family()) {
            return new Malformed(quoted(text) + " mixes IPv4 and IPv6; write two ranges");
        }
        if (first.get().compareTo(last.get()) > 0) {
            return new Malformed(
                    quoted(text) + " ends before it begins; the range meant may be " + last.get() + "-" + first.get());
        }
        return new Parsed(new AddressRange(first.get(), last.get()));
    }

    private static Syntax parseBlock(String text, String addressText, String prefixText) {
        Optional<Address> address = Address.parse(addressText);
        if (address.isEmpty()) {
            return new Malformed(quoted(text) + " is not a CIDR block; expected " + FORMS);
        }
        if (isMappedText(addressText, address.get())) {
            return new Malformed(quoted(text) + " is IPv6 text for IPv4 addresses; write the block as IPv4");
        }
        int bits = address.get().family().bits();
        int prefix = prefixLength(prefixText);
        if (prefix < 0 || prefix > bits) {
            return new Malformed(quoted(text) + " has no prefix length from 0 to " + bits + " after the slash");
        }
        AddressRange block = block(address.get(), prefix);
        if (!block.first().equals(address.get())) {
            return new Malformed(quoted(text) + " has host bits set; the block meant is " + block.first() + "/" + prefix
                    + ", the single address " + address.get());
        }
        return new Parsed(block);
    }

    /** The block of this prefix length, 0 to the family's bits, that holds the address. */
    public static AddressRange block(Address address, int prefix) {
        if (address.family() == Address.Family.IPV4) {
            long hostMask = (1L << (32 - prefix)) - 1;
            return new AddressRange(
                    Address.ipv4((int) (address.low() & ~hostMask)), Address.ipv4((int) (address.low() | hostMask)));
        }
        long highMask = prefix >= 64 ? 0 : -1L >>> prefix;
        long lowMask = prefix <= 64 ? -1L : prefix == 128 ? 0 : -1L >>> (prefix - 64);
        return new AddressRange(
                Address.endOfRange6(address.high() & ~highMask, address.low() & ~lowMask),
                Address.endOfRange6(address.high() | highMask, address.low() | lowMask));
    }

    private static int prefixLength(String digits) {
        if (digits.isEmpty() || digits.length() > 3 || digits.length() > 1 && digits.charAt(0) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static boolean isMappedText(String text, Address address) {
        return address.family() == Address.Family.IPV4 && text.indexOf(':') >= 0;
    }

    private static String quoted(String text) {
        return "'" + text.replaceAll("\\p{Cc}", "?") + "'";
    }

    /** How many addresses it has. */
    public BigInteger size() {
        return number(last).subtract(number(first)).add(BigInteger.ONE);
    }

    private static BigInteger number(Address address) {
        BigInteger high = new BigInteger(Long.toUnsignedString(address.high())).shiftLeft(Long.SIZE);
        return high.add(new BigInteger(Long.toUnsignedString(address.low())));
    }

    /** The family of both ends. */
    public Address.Family family() {
        return first.family();
    }

    /** Whether it has more addresses than a block of this prefix length, 1 to the family's bits. */
    public boolean isWiderThan(int prefix) {
        int hostBits = family().bits() - prefix;
        long low = last.low() - first.low();
        long borrow = Long.compareUnsigned(last.low(), first.low()) < 0 ? 1 : 0;
        long high = last.high() - first.high() - borrow;
        return hostBits >= Long.SIZE
                ? Long.compareUnsigned(high, 1L << (hostBits - Long.SIZE)) >= 0
                : high != 0 || Long.compareUnsigned(low, 1L << hostBits) >= 0;
    }

    /** Whether some address lies in both ranges. */
    public boolean overlaps(AddressRange other) {
        return contains(other.first()) || other.contains(first);
    }

    /** Whether the address lies in the range. */
    public boolean contains(Address address) {
        return address.family() == family() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** The text that {@link #parse} reads back: a single address, a block where it is one, else {@code a-b}. */
    @Override
    public String toString() {
        if (first.equals(last)) {
            return first.toString();
        }
        for (int prefix = 0; prefix < family().bits(); prefix++) {
            if (block(first, prefix).equals(this)) {
                return first + "/" + prefix;
            }
        }
        return first + "-" + last;
    }
}
