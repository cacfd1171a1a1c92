package dev.postern.address;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Addresses and ranges for properties, with a liking for the edges of the families. */
final class Addresses {

    private static final List<Long> EDGES = List.of(
            0L,
            1L,
            -1L,
            -2L,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            0xffff_ffffL,
            0xfffe_ffff_ffffL,
            0xffff_0000_0000L - 1,
            0x1_0000_0000_0000L,
            0x64_ff9b_0000_0000L);

    private Addresses() {}

    static Arbitrary<Address> ipv4() {
        Arbitrary<Integer> edges = Arbitraries.of(0, 1, 2, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE);
        return Arbitraries.oneOf(Arbitraries.integers(), edges).map(Address::ipv4);
    }

    /** Never of the IPv4-mapped block, whose addresses are IPv4. */
    static Arbitrary<Address> ipv6() {
        Arbitrary<Long> half = Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.of(EDGES));
        return Combinators.combine(half, half)
                .as(Address::ipv6)
                .filter(address -> address.family() == Address.Family.IPV6);
    }

    static Arbitrary<Address> any() {
        return Arbitraries.oneOf(ipv4(), ipv6());
    }

    static Arbitrary<AddressRange> ranges() {
        return Arbitraries.oneOf(rangesOf(ipv4()), rangesOf(ipv6()));
    }

    private static Arbitrary<AddressRange> rangesOf(Arbitrary<Address> ends) {
        return Combinators.combine(ends, ends)
                .as((a, b) -> a.compareTo(b) <= 0 ? new AddressRange(a, b) : new AddressRange(b, a));
    }

    static Address address(String text) {
        return Address.parse(text).orElseThrow(() -> new AssertionError("not an address: " + text));
    }

    static AddressRange range(String text) {
        return switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed -> parsed.range();
            case AddressRange.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }
}
