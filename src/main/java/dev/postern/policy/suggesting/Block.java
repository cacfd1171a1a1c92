package dev.postern.policy.suggesting;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;

/** A CIDR block: its first address and the length of its prefix. */
record Block(Address first, int prefix) {

    /** The block of one address. */
    static Block of(Address address) {
        return new Block(address, address.family().bits());
    }

    /** The smallest block that holds both, of one family. */
    static Block around(Block one, Block other) {
        int common = commonPrefix(one.first, other.first);
        int prefix = Math.min(common, Math.min(one.prefix, other.prefix));
        return new Block(AddressRange.block(one.first, prefix).first(), prefix);
    }

    /** Whether the two are the halves of one block. */
    boolean isOtherHalfOf(Block other) {
        return prefix == other.prefix && prefix > 0 && commonPrefix(first, other.first) == prefix - 1;
    }

    /** Whether the address lies in the second half. */
    boolean isInSecondHalf(Address address) {
        int bit = first.family().bits() - 1 - prefix;
        long word = bit >= Long.SIZE ? address.high() : address.low();
        return (word >>> (bit % Long.SIZE) & 1) != 0;
    }

    AddressRange range() {
        return AddressRange.block(first, prefix);
    }

    private static int commonPrefix(Address one, Address other) {
        if (one.family() == Address.Family.IPV4) {
            return Integer.numberOfLeadingZeros((int) (one.low() ^ other.low()));
        }
        long high = one.high() ^ other.high();
        return high != 0
                ? Long.numberOfLeadingZeros(high)
                : Long.SIZE + Long.numberOfLeadingZeros(one.low() ^ other.low());
    }
}
