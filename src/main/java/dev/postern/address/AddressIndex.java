package dev.postern.address;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Ranges by the addresses that they hold: which of <em>all</em> that hold an address has some other property, too? For
 * ranges whose meaning changes with time, where an {@link AddressTable}, which keeps one winner, would have to be
 * compiled again.
 *
 * <p>The ranges are sorted by their first address, and stand for a balanced tree: the middle of each stretch is its root.
 * Each root knows the highest last address of its stretch. A look-up visits those that hold the address and a few besides;
 * how many do is the owner's doing. Immutable.
 */
public final class AddressIndex {

    private final List<AddressRange> ranges;
    private final int[] byFirst;
    private final Address[] highestLast;

    private AddressIndex(List<AddressRange> ranges) {
        this.ranges = List.copyOf(ranges);
        this.byFirst = IntStream.range(0, ranges.size())
                .boxed()
                .sorted(Comparator.comparing(i -> ranges.get(i).first()))
                .mapToInt(Integer::intValue)
                .toArray();
        this.highestLast = new Address[byFirst.length];
        fill(0, byFirst.length);
    }

    /** An index of these ranges. */
    public static AddressIndex of(List<AddressRange> ranges) {
        return new AddressIndex(ranges);
    }

    private void fill(int from, int to) {
        if (from >= to) {
            return;
        }
        int root = (from + to) >>> 1;
        fill(from, root);
        fill(root + 1, to);
        Address highest = range(root).last();
        highest = higher(highest, from, root);
        highestLast[root] = higher(highest, root + 1, to);
    }

    private Address higher(Address than, int from, int to) {
        if (from >= to) {
            return than;
        }
        Address highest = highestLast[(from + to) >>> 1];
        return highest.compareTo(than) > 0 ? highest : than;
    }

    private AddressRange range(int place) {
        return ranges.get(byFirst[place]);
    }

    /** The place, in the list given, of a range that holds the address and passes the test. */
    public OptionalInt first(Address address, IntPredicate test) {
        int found = find(0, byFirst.length, address, test);
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
    }

    private int find(int from, int to, Address address, IntPredicate test) {
        if (from >= to) {
            return -1;
        }
        int root = (from + to) >>> 1;
        if (highestLast[root].compareTo(address) < 0) {
            return -1;
        }
        int left = find(from, root, address, test);
        if (left >= 0) {
            return left;
        }
        if (range(root).first().compareTo(address) > 0) {
            return -1;
        }
        if (range(root).contains(address) && test.test(byFirst[root])) {
            return byFirst[root];
        }
        return find(root + 1, to, address, test);
    }
}
