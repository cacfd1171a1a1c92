package dev.postern.policy.suggesting;

import dev.postern.address.Address;
import java.util.OptionalInt;

/**
 * What a cover may be, for each family by itself.
 *
 * @param maxBlocks how many blocks it may have, at least 1
 * @param widestIpv4 the shortest prefix that a block of IPv4 may have, 0 to 32
 * @param widestIpv6 the shortest prefix that a block of IPv6 may have, 0 to 128
 */
public record CoverLimits(OptionalInt maxBlocks, OptionalInt widestIpv4, OptionalInt widestIpv6) {

    /** Without limits, a cover holds what was seen and nothing else. */
    public static final CoverLimits NONE =
            new CoverLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Checks the bounds. */
    public CoverLimits {
        requireWithin(maxBlocks, 1, Integer.MAX_VALUE);
        requireWithin(widestIpv4, 0, Address.Family.IPV4.bits());
        requireWithin(widestIpv6, 0, Address.Family.IPV6.bits());
    }

    private static void requireWithin(OptionalInt value, int least, int most) {
        if (value.isPresent() && (value.getAsInt() < least || value.getAsInt() > most)) {
            throw new IllegalArgumentException(value.getAsInt() + " is not between " + least + " and " + most);
        }
    }

    OptionalInt widest(Address.Family family) {
        return family == Address.Family.IPV4 ? widestIpv4 : widestIpv6;
    }
}
