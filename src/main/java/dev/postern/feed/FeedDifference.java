package dev.postern.feed;

import dev.postern.address.Address;
import dev.postern.address.Address.Family;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What changes from one set to another.
 *
 * @param added what the second has beside the first
 * @param removed what the first has beside the second
 */
public record FeedDifference(AddressSet added, AddressSet removed) {

    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    /** The widest that is taken unasked: a block of IPv4 of /8, one of IPv6 of /16. */
    private static final int WIDEST4 = 8;

    private static final int WIDEST6 = 16;

    /** From the first set to the second. */
    public static FeedDifference between(AddressSet before, AddressSet after) {
        return new FeedDifference(after.minus(before), before.minus(after));
    }

    /** Whether the two are the same. */
    public boolean isNone() {
        return added.isEmpty() && removed.isEmpty();
    }

    /**
     * Why the result is not to be taken before a person has looked, if so.
     *
     * <p>Shrinking and growing are counted in addresses, for each family by itself: publishers cut the same addresses
     * into other prefixes as they like, and one IPv6 block outweighs all of IPv4. Widths are those of what the prefixes
     * make together: 128 neighbours are a wide block, too.
     */
    public static Optional<String> objection(Optional<AddressSet> before, AddressSet after, FeedRules rules) {
        Optional<String> wide = rules.allowWide() ? Optional.empty() : wide(after);
        return wide.or(() -> before.flatMap(set -> objection(set, between(set, after), rules)));
    }

    private static Optional<String> objection(AddressSet before, FeedDifference change, FeedRules rules) {
        for (Family family : Family.values()) {
            BigInteger had = size(before, family);
            BigInteger lost = size(change.removed(), family);
            BigInteger gained = size(change.added(), family);
            if (had.signum() > 0 && exceeds(lost, had, rules.maxShrink())) {
                return Optional.of("it would lose " + percent(lost, had) + " % of its " + name(family)
                        + " addresses; max-shrink is " + rules.maxShrink() + " %");
            }
            if (had.signum() > 0 && exceeds(gained, had, rules.maxGrowth())) {
                return Optional.of("it would gain " + percent(gained, had) + " % of its " + name(family)
                        + " addresses; max-growth is " + rules.maxGrowth() + " %");
            }
        }
        return Optional.empty();
    }

    private static boolean exceeds(BigInteger part, BigInteger whole, int percent) {
        return part.multiply(HUNDRED).compareTo(whole.multiply(BigInteger.valueOf(percent))) > 0;
    }

    /** Rounded up: what is over the limit must not read as if it were the limit. */
    private static BigInteger percent(BigInteger part, BigInteger whole) {
        BigInteger[] share = part.multiply(HUNDRED).divideAndRemainder(whole);
        return share[1].signum() == 0 ? share[0] : share[0].add(BigInteger.ONE);
    }

    private static Optional<String> wide(AddressSet addresses) {
        for (AddressRange range : addresses.ranges()) {
            int widest = range.family() == Family.IPV4 ? WIDEST4 : WIDEST6;
            int bits = range.family().bits() - widest;
            if (size(range).compareTo(BigInteger.ONE.shiftLeft(bits)) > 0) {
                return Optional.of("it has " + range + ", which is wider than /" + widest + "; allow-wide is not set");
            }
        }
        return Optional.empty();
    }

    private static String name(Family family) {
        return family == Family.IPV4 ? "IPv4" : "IPv6";
    }

    /** How many addresses of a family a set has. */
    public static BigInteger size(AddressSet addresses, Family family) {
        BigInteger sum = BigInteger.ZERO;
        for (AddressRange range : addresses.ranges()) {
            if (range.family() == family) {
                sum = sum.add(size(range));
            }
        }
        return sum;
    }

    private static BigInteger size(AddressRange range) {
        return value(range.last()).subtract(value(range.first())).add(BigInteger.ONE);
    }

    private static BigInteger value(Address address) {
        return unsigned(address.high()).shiftLeft(64).add(unsigned(address.low()));
    }

    private static BigInteger unsigned(long bits) {
        BigInteger value = BigInteger.valueOf(bits & Long.MAX_VALUE);
        return bits < 0 ? value.setBit(63) : value;
    }
}
