package dev.postern.address;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The compiled form of a list of ranges: which of them, first in the list, holds an address?
 *
 * <p>The ranges are cut into sorted, disjoint intervals, each with the index of its winner, in primitive arrays; a
 * look-up is one binary search. IPv4 takes 8 bytes an interval, IPv6 20. Immutable.
 */
public final class AddressTable {

    /** The answer of {@link #find} for an address that no range holds. */
    public static final int NONE = -1;

    private static final AddressTable EMPTY =
            new AddressTable(new int[0], new int[0], new long[0], new long[0], new int[0]);

    /* Each interval runs from its start to the next start; an interval that nobody wins has the winner NONE. */
    private final int[] starts4;
    private final int[] winners4;
    private final long[] startsHigh6;
    private final long[] startsLow6;
    private final int[] winners6;

    private AddressTable(int[] starts4, int[] winners4, long[] startsHigh6, long[] startsLow6, int[] winners6) {
        this.starts4 = starts4;
        this.winners4 = winners4;
        this.startsHigh6 = startsHigh6;
        this.startsLow6 = startsLow6;
        this.winners6 = winners6;
    }

    /** Compiles the ranges; where several hold an address, the one that stands first in the list wins. */
    public static AddressTable compile(List<AddressRange> ranges) {
        if (ranges.isEmpty()) {
            return EMPTY;
        }
        Intervals v4 = Intervals.sweep(ranges, Address.Family.IPV4);
        Intervals v6 = Intervals.sweep(ranges, Address.Family.IPV6);
        int[] starts4 = new int[v4.size];
        for (int i = 0; i < starts4.length; i++) {
            starts4[i] = (int) v4.low[i];
        }
        return new AddressTable(
                starts4,
                Arrays.copyOf(v4.winner, v4.size),
                Arrays.copyOf(v6.high, v6.size),
                Arrays.copyOf(v6.low, v6.size),
                Arrays.copyOf(v6.winner, v6.size));
    }

    /** The index, in the compiled list, of the first range that holds the address, or {@link #NONE}. */
    public int find(Address address) {
        return address.family() == Address.Family.IPV4 ? find4((int) address.low()) : find6(address);
    }

    /** Whether any range holds the address. */
    public boolean contains(Address address) {
        return find(address) != NONE;
    }

    private int find4(int bits) {
        int from = 0;
        int to = starts4.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (Integer.compareUnsigned(starts4[middle], bits) <= 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return to < 0 ? NONE : winners4[to];
    }

    private int find6(Address address) {
        int from = 0;
        int to = winners6.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int byHigh = Long.compareUnsigned(startsHigh6[middle], address.high());
            if (byHigh < 0 || byHigh == 0 && Long.compareUnsigned(startsLow6[middle], address.low()) <= 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return to < 0 ? NONE : winners6[to];
    }

    /** The intervals of one family while they are being cut. */
    private static final class Intervals {
        private long[] high = new long[16];
        private long[] low = new long[16];
        private int[] winner = new int[16];
        private int size;

        /** Walks the family's ranges by their start, keeping those open at each point in the order of the list. */
        static Intervals sweep(List<AddressRange> ranges, Address.Family family) {
            int[] byStart = indicesByStart(ranges, family);
            Intervals out = new Intervals();
            if (byStart.length == 0) {
                return out;
            }
            PriorityQueue<Integer> open = new PriorityQueue<>();
            int next = 0;
            Address point = ranges.get(byStart[0]).first();
            while (true) {
                while (!open.isEmpty() && ranges.get(open.element()).last().compareTo(point) < 0) {
                    open.remove();
                }
                while (next < byStart.length
                        && ranges.get(byStart[next]).first().equals(point)) {
                    open.add(byStart[next++]);
                }
                Optional<Address> nextStart = next < byStart.length
                        ? Optional.of(ranges.get(byStart[next]).first())
                        : Optional.empty();
                Optional<Address> change;
                if (open.isEmpty()) {
                    out.add(point, NONE);
                    change = nextStart;
                } else {
                    int winner = open.element();
                    out.add(point, winner);
                    Optional<Address> after = ranges.get(winner).last().next();
                    boolean startsEarlier = nextStart.isPresent()
                            && (after.isEmpty() || nextStart.get().compareTo(after.get()) < 0);
                    change = startsEarlier ? nextStart : after;
                }
                if (change.isEmpty()) {
                    return out;
                }
                point = change.get();
            }
        }

        private static int[] indicesByStart(List<AddressRange> ranges, Address.Family family) {
            Integer[] indices = new Integer[ranges.size()];
            int count = 0;
            for (int i = 0; i < ranges.size(); i++) {
                if (ranges.get(i).family() == family) {
                    indices[count++] = i;
                }
            }
            Arrays.sort(
                    indices,
                    0,
                    count,
                    Comparator.comparing((Integer i) -> ranges.get(i).first()));
            int[] sorted = new int[count];
            for (int i = 0; i < count; i++) {
                sorted[i] = indices[i];
            }
            return sorted;
        }

        private void add(Address start, int winning) {
            if (size > 0 && winner[size - 1] == winning) {
                return;
            }
            if (size == winner.length) {
                high = Arrays.copyOf(high, size * 2);
                low = Arrays.copyOf(low, size * 2);
                winner = Arrays.copyOf(winner, size * 2);
            }
            high[size] = start.high();
            low[size] = start.low();
            winner[size++] = winning;
        }
    }
}
