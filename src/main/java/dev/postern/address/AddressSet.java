package dev.postern.address;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A set of addresses as sorted, disjoint ranges that do not touch. Immutable. */
public final class AddressSet {

    private final List<AddressRange> ranges;

    private AddressSet(List<AddressRange> ranges) {
        this.ranges = ranges;
    }

    /** The addresses that lie in at least one of the ranges. */
    public static AddressSet of(Collection<AddressRange> ranges) {
        List<AddressRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparing(AddressRange::first));
        List<AddressRange> merged = new ArrayList<>(sorted.size());
        for (AddressRange range : sorted) {
            AddressRange open = merged.isEmpty() ? null : merged.getLast();
            if (open != null && touches(open, range)) {
                if (range.last().compareTo(open.last()) > 0) {
                    merged.set(merged.size() - 1, new AddressRange(open.first(), range.last()));
                }
            } else {
                merged.add(range);
            }
        }
        return new AddressSet(List.copyOf(merged));
    }

    private static boolean touches(AddressRange earlier, AddressRange later) {
        if (earlier.family() != later.family()) {
            return false;
        }
        return earlier.last()
                .next()
                .map(after -> later.first().compareTo(after) <= 0)
                .orElse(true);
    }

    /** This set without the addresses of the other. */
    public AddressSet minus(AddressSet other) {
        List<AddressRange> left = new ArrayList<>();
        int cut = 0;
        for (AddressRange range : ranges) {
            Optional<Address> from = Optional.of(range.first());
            while (cut < other.ranges.size() && other.ranges.get(cut).last().compareTo(range.first()) < 0) {
                cut++;
            }
            for (int i = cut; i < other.ranges.size() && from.isPresent(); i++) {
                AddressRange hole = other.ranges.get(i);
                if (hole.first().compareTo(range.last()) > 0) {
                    break;
                }
                if (hole.first().compareTo(from.get()) > 0) {
                    Address beforeHole = hole.first().previous().orElseThrow();
                    left.add(new AddressRange(from.get(), beforeHole));
                }
                from = hole.last().next().filter(next -> next.compareTo(range.last()) <= 0);
            }
            from.ifPresent(start -> left.add(new AddressRange(start, range.last())));
        }
        return new AddressSet(List.copyOf(left));
    }

    /**
     * Whether an address is in the set, and how far that stays so.
     *
     * @param inside whether it is
     * @param last the last address, of the same family, up to which the answer is the same
     */
    public record Run(boolean inside, Address last) {}

    /** The run in which the address lies, found by binary search. */
    public Run run(Address address) {
        int from = 0;
        int to = ranges.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (ranges.get(middle).first().compareTo(address) <= 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        if (to >= 0 && ranges.get(to).contains(address)) {
            return new Run(true, ranges.get(to).last());
        }
        boolean more = from < ranges.size() && ranges.get(from).family() == address.family();
        return new Run(
                false, more ? ranges.get(from).first().previous().orElseThrow() : Address.lastOf(address.family()));
    }

    /** The ranges, sorted and disjoint. */
    public List<AddressRange> ranges() {
        return ranges;
    }

    /** Whether no address is in the set. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }
}
