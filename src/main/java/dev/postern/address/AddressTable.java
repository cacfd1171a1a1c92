package dev.postern.address;

import java.util.List;

/**
 * The compiled form of a list of ranges: which of them, first in the list, holds an address?
 *
 * <p>The ranges are cut into sorted, disjoint intervals, each with the index of its winner, in primitive arrays. A look-up
 * is a binary search within a bucket of starts, which is most often two or three lines of memory. IPv4 takes 8 bytes an
 * interval and IPv6 20; the buckets take 1 to 2 bytes an interval. Immutable.
 */
public final class AddressTable {

    /** The answer of {@link #find} for an address that no range holds. */
    public static final int NONE = -1;

    private static final AddressTable EMPTY = new AddressTable(new Intervals(0), new Intervals(0));

    /* Each interval runs from its start to the next start; an interval that nobody wins has the winner NONE. */

    /** IPv4: the start, and the winner in the lower half. */
    private final long[] intervals4;

    private final StartIndex index4;

    private final long[] high6;
    private final long[] low6;
    private final int[] winners6;
    private final StartIndex index6;

    private AddressTable(Intervals v4, Intervals v6) {
        intervals4 = new long[v4.size()];
        for (int i = 0; i < intervals4.length; i++) {
            intervals4[i] = v4.low(i) << 32 | v4.winner(i) & 0xffff_ffffL;
        }
        index4 = StartIndex.of(intervals4.length, i -> intervals4[i] >>> 32);
        high6 = v6.highs();
        low6 = v6.lows();
        winners6 = v6.winners();
        index6 = StartIndex.of(high6.length, i -> high6[i]);
    }

    /** Compiles the ranges; where several hold an address, the one that stands first in the list wins. */
    public static AddressTable compile(List<AddressRange> ranges) {
        return ranges.isEmpty()
                ? EMPTY
                : new AddressTable(
                        Intervals.sweep(ranges, Address.Family.IPV4), Intervals.sweep(ranges, Address.Family.IPV6));
    }

    /** The index, in the compiled list, of the first range that holds the address, or {@link #NONE}. */
    public int find(Address address) {
        return address.family() == Address.Family.IPV4 ? find4(address.low()) : find6(address.high(), address.low());
    }

    /** Whether any range holds the address. */
    public boolean contains(Address address) {
        return find(address) != NONE;
    }

    private int find4(long bits) {
        int bucket = index4.bucket(bits);
        int floor = bucket < 0 ? NONE : floor4(intervals4, index4.from(bucket), index4.to(bucket), bits);
        return floor < 0 ? NONE : (int) intervals4[floor];
    }

    /** The last interval before {@code to} that does not start after the address; that before {@code from} where all do. */
    private static int floor4(long[] intervals, int from, int to, long bits) {
        int floor = from - 1;
        int above = to;
        while (above - floor > 1) {
            int middle = (floor + above) >>> 1;
            if (intervals[middle] >>> 32 <= bits) {
                floor = middle;
            } else {
                above = middle;
            }
        }
        return floor;
    }

    private int find6(long high, long low) {
        int bucket = index6.bucket(high);
        int floor = bucket < 0 ? NONE : floor6(high6, low6, index6.from(bucket), index6.to(bucket), high, low);
        return floor < 0 ? NONE : winners6[floor];
    }

    private static int floor6(long[] highs, long[] lows, int from, int to, long high, long low) {
        int floor = from - 1;
        int above = to;
        while (above - floor > 1) {
            int middle = (floor + above) >>> 1;
            int byHigh = Long.compareUnsigned(highs[middle], high);
            if (byHigh < 0 || byHigh == 0 && Long.compareUnsigned(lows[middle], low) <= 0) {
                floor = middle;
            } else {
                above = middle;
            }
        }
        return floor;
    }
}
