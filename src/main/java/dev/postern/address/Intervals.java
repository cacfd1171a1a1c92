package dev.postern.address;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** The sorted, disjoint intervals of one family, each with the index of the range that wins it. */
final class Intervals {

    private long[] high;
    private long[] low;
    private int[] winner;
    private int size;

    Intervals(int capacity) {
        high = new long[capacity];
        low = new long[capacity];
        winner = new int[capacity];
    }

    /** Walks the family's ranges by their start, keeping those open at each point in the order of the list. */
    static Intervals sweep(List<AddressRange> ranges, Address.Family family) {
        int[] byStart = StartOrder.of(ranges, family);
        Intervals out = new Intervals(2 * byStart.length);
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
            while (next < byStart.length && ranges.get(byStart[next]).first().equals(point)) {
                open.add(byStart[next++]);
            }
            Optional<Address> nextStart = next < byStart.length
                    ? Optional.of(ranges.get(byStart[next]).first())
                    : Optional.empty();
            Optional<Address> change;
            if (open.isEmpty()) {
                out.add(point, AddressTable.NONE);
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

    private void add(Address start, int winning) {
        if (size > 0 && winner[size - 1] == winning) {
            return;
        }
        high[size] = start.high();
        low[size] = start.low();
        winner[size++] = winning;
    }

    int size() {
        return size;
    }

    long low(int i) {
        return low[i];
    }

    int winner(int i) {
        return winner[i];
    }

    long[] highs() {
        return Arrays.copyOf(high, size);
    }

    long[] lows() {
        return Arrays.copyOf(low, size);
    }

    int[] winners() {
        return Arrays.copyOf(winner, size);
    }
}
