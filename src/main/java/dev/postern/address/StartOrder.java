package dev.postern.address;

import java.util.List;

/**
 * Puts the ranges of a family into the order of their starts: a merge sort that carries the keys along with the indices,
 * for a million of them, compared through their objects, would be a million walks through memory, twenty times over.
 */
final class StartOrder {

    private final List<AddressRange> ranges;
    private final boolean ipv6;
    private long[] keys;
    private int[] indices;
    private long[] spareKeys;
    private int[] spareIndices;

    private StartOrder(List<AddressRange> ranges, Address.Family family, int count) {
        this.ranges = ranges;
        this.ipv6 = family == Address.Family.IPV6;
        this.keys = new long[count];
        this.indices = new int[count];
        this.spareKeys = new long[count];
        this.spareIndices = new int[count];
        int at = 0;
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).family() == family) {
                Address first = ranges.get(i).first();
                // Signed comparison of the key is unsigned comparison of the bits.
                keys[at] = ipv6 ? first.high() ^ Long.MIN_VALUE : first.low();
                indices[at++] = i;
            }
        }
    }

    /** The indices of the family's ranges, by their start. */
    static int[] of(List<AddressRange> ranges, Address.Family family) {
        int count = 0;
        for (AddressRange range : ranges) {
            count += range.family() == family ? 1 : 0;
        }
        StartOrder order = new StartOrder(ranges, family, count);
        for (int width = 1; width < count; width *= 2) {
            order.mergeRuns(width);
        }
        return order.indices;
    }

    private void mergeRuns(int width) {
        for (int from = 0; from < keys.length; from += 2 * width) {
            int middle = Math.min(from + width, keys.length);
            merge(from, middle, Math.min(middle + width, keys.length));
        }
        long[] mergedKeys = spareKeys;
        int[] mergedIndices = spareIndices;
        spareKeys = keys;
        spareIndices = indices;
        keys = mergedKeys;
        indices = mergedIndices;
    }

    private void merge(int from, int middle, int to) {
        int left = from;
        int right = middle;
        for (int at = from; at < to; at++) {
            boolean takeLeft = right == to || left < middle && !startsBefore(right, left);
            int taken = takeLeft ? left++ : right++;
            spareKeys[at] = keys[taken];
            spareIndices[at] = indices[taken];
        }
    }

    private boolean startsBefore(int one, int other) {
        if (keys[one] != keys[other] || !ipv6) {
            return keys[one] < keys[other];
        }
        return Long.compareUnsigned(low(one), low(other)) < 0;
    }

    private long low(int at) {
        return ranges.get(indices[at]).first().low();
    }
}
