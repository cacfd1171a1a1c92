package dev.postern.address;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One IPv4 or IPv6 address, in canonical form.
 *
 * <p>IPv4-mapped IPv6 ({@code ::ffff:a.b.c.d}, RFC 4291 section 2.5.5.2) becomes IPv4 on construction, so the same host
 * cannot be two addresses. Nothing else is rewritten: the deprecated IPv4-compatible form ({@code ::a.b.c.d}) and NAT64
 * addresses stay what they are.
 */
public final class Address implements Comparable<Address> {

    /** The two address families. */
    public enum Family {
        IPV4(32),
        IPV6(128);

        private final int bits;

        Family(int bits) {
            this.bits = bits;
        }

        /** The length of an address in bits: 32 or 128. */
        public int bits() {
            return bits;
        }
    }

    /** The longest text of an address: eight groups, the last two written as dotted decimal. */
    static final int MAX_TEXT = 45;

    private static final long MAPPED_PREFIX = 0x0000_ffff_0000_0000L;
    private static final long UINT_MASK = 0xffff_ffffL;

    /**
     * What {@code inet.ipaddr} is allowed to accept. It reads hexadecimal, octal, wildcards, masks, zones and more
     * unless each is forbidden; {@code AddressTextTest} pins the table of what must stay refused.
     */
    private static final IPAddressStringParameters STRICT = strict();

    private final Family family;
    private final long high;
    private final long low;

    private Address(Family family, long high, long low) {
        this.family = family;
        this.high = high;
        this.low = low;
    }

    /** The IPv4 address of these 32 bits, in network order. */
    public static Address ipv4(int bits) {
        return new Address(Family.IPV4, 0, bits & UINT_MASK);
    }

    /** The address of these 128 bits, in network order; IPv4 where they are the IPv4-mapped form. */
    public static Address ipv6(long high, long low) {
        if (high == 0 && (low & ~UINT_MASK) == MAPPED_PREFIX) {
            return ipv4((int) low);
        }
        return new Address(Family.IPV6, high, low);
    }

    /**
     * The IPv6 address of these bits, in the IPv4-mapped form, too: as the end of a range only, for a block such as
     * {@code ::/80} ends there.
     */
    static Address endOfRange6(long high, long low) {
        return new Address(Family.IPV6, high, low);
    }

    /**
     * Reads an address: four decimal octets without leading zeros, or RFC 4291 section 2.2 text without a zone.
     *
     * @return empty for every other text: names, short, octal or hexadecimal IPv4 forms, zones, white space, ports
     */
    public static Optional<Address> parse(String text) {
        if (!hasAddressCharactersOnly(text)) {
            return Optional.empty();
        }
        return text.indexOf(':') < 0 ? ofOctets(text) : ofGroups(text);
    }

    /** Most addresses that a server reads are of this form, and each request has some. */
    private static Optional<Address> ofOctets(String text) {
        int bits = 0;
        int octets = 0;
        for (int at = 0; ; at++) {
            int begin = at;
            int octet = 0;
            while (at < text.length() && at - begin < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                octet = octet * 10 + text.charAt(at++) - '0';
            }
            boolean padded = at - begin > 1 && text.charAt(begin) == '0';
            if (at == begin || padded || octet > 255) {
                return Optional.empty();
            }
            bits = bits << 8 | octet;
            octets++;
            if (at == text.length()) {
                return octets == 4 ? Optional.of(ipv4(bits)) : Optional.empty();
            }
            if (text.charAt(at) != '.' || octets == 4) {
                return Optional.empty();
            }
        }
    }

    private static Optional<Address> ofGroups(String text) {
        try {
            IPAddress parsed = new IPAddressString(text, STRICT).toAddress();
            return parsed == null ? Optional.empty() : Optional.of(of(parsed));
        } catch (AddressStringException notAnAddress) {
            return Optional.empty();
        }
    }

    private static Address of(IPAddress parsed) {
        ByteBuffer bytes = ByteBuffer.wrap(parsed.getBytes());
        return parsed.isIPv4() ? ipv4(bytes.getInt()) : ipv6(bytes.getLong(), bytes.getLong());
    }

    /** Bounds what reaches the library, and keeps out what it trims or tolerates at the edges. */
    private static boolean hasAddressCharactersOnly(String text) {
        if (text.length() < 2 || text.length() > MAX_TEXT) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == ':' || c == '.';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static IPAddressStringParameters strict() {
        return new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowMask(false)
                .allowPrefix(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE)
                .getIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowLeadingZeros(false)
                .allowUnlimitedLeadingZeros(false)
                .allowBinary(false)
                .getParentBuilder()
                .getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowEmptyZone(false)
                .allowBase85(false)
                .allowBinary(false)
                .allowLeadingZeros(true)
                .allowUnlimitedLeadingZeros(false)
                .allowMixed(true)
                .getEmbeddedIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowLeadingZeros(false)
                .allowUnlimitedLeadingZeros(false)
                .allowBinary(false)
                .getEmbeddedIPv4AddressParentBuilder()
                .getParentBuilder()
                .toParams();
    }

    /** Whether this is an IPv4 or an IPv6 address. */
    public Family family() {
        return family;
    }

    /** The first 64 bits of an IPv6 address; 0 for IPv4. */
    public long high() {
        return high;
    }

    /** The last 64 bits of an IPv6 address; the 32 bits of an IPv4 address, as an unsigned number. */
    public long low() {
        return low;
    }

    /** The address after this one, or empty after the family's last. */
    public Optional<Address> next() {
        if (isLast()) {
            return Optional.empty();
        }
        return Optional.of(new Address(family, low == -1 ? high + 1 : high, low + 1));
    }

    /** The address before this one, or empty before the family's first. */
    Optional<Address> previous() {
        if (high == 0 && low == 0) {
            return Optional.empty();
        }
        return Optional.of(new Address(family, low == 0 ? high - 1 : high, low - 1));
    }

    private boolean isLast() {
        return family == Family.IPV4 ? low == UINT_MASK : high == -1 && low == -1;
    }

    /** IPv4 before IPv6, then by value. */
    @Override
    public int compareTo(Address other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address that && family == that.family && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low) + family.bits();
    }

    /** The last address of the family. */
    public static Address lastOf(Family family) {
        return family == Family.IPV4 ? ipv4(-1) : endOfRange6(-1, -1);
    }

    /** Dotted decimal, or the canonical text of RFC 5952. */
    @Override
    public String toString() {
        if (family == Family.IPV4) {
            return (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
        }
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return new IPv6Address(bytes).toCanonicalString();
    }
}
