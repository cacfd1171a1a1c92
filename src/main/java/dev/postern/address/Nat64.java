package dev.postern.address;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's NAT64 prefixes (RFC 6052). An address in one of them stands for the IPv4 address in it; whose NAT64 it is
 * must be known for that, so without a prefix nothing is taken out.
 */
public final class Nat64 {

    /** No prefixes: every address stands for itself. */
    public static final Nat64 NONE = new Nat64(List.of());

    /** RFC 6052 section 2.2. */
    private static final Set<Integer> LENGTHS = Set.of(32, 40, 48, 56, 64, 96);

    private static final int U_OCTET = 8;
    private static final int IPV4_BYTES = 4;

    private final List<Prefix> prefixes;

    private record Prefix(AddressRange block, int length) {}

    private Nat64(List<Prefix> prefixes) {
        this.prefixes = prefixes;
    }

    /** The length of a block that RFC 6052 knows as a prefix: 32, 40, 48, 56, 64 or 96; empty for any other. */
    public static Optional<Integer> prefixLength(AddressRange block) {
        return LENGTHS.stream()
                .filter(length -> block.family() == Address.Family.IPV6
                        && AddressRange.block(block.first(), length).equals(block))
                .findFirst();
    }

    /**
     * For these prefixes.
     *
     * @throws IllegalArgumentException if a block is not one of {@link #prefixLength}
     */
    public static Nat64 of(List<AddressRange> blocks) {
        return new Nat64(blocks.stream()
                .map(block -> new Prefix(
                        block,
                        prefixLength(block)
                                .orElseThrow(() -> new IllegalArgumentException("not a NAT64 prefix: " + block))))
                .toList());
    }

    /** The IPv4 address that this one stands for, or the address itself. */
    public Address canonical(Address address) {
        for (Prefix prefix : prefixes) {
            if (prefix.block().contains(address)) {
                return embedded(address, prefix.length());
            }
        }
        return address;
    }

    /** The four bytes after the prefix, byte 8 left out: it is always zero. */
    private static Address embedded(Address address, int prefixLength) {
        int bits = 0;
        int at = prefixLength / 8;
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (at == U_OCTET) {
                at++;
            }
            long half = at < 8 ? address.high() : address.low();
            bits = bits << 8 | (int) (half >>> (56 - at % 8 * 8)) & 0xff;
            at++;
        }
        return Address.ipv4(bits);
    }
}
