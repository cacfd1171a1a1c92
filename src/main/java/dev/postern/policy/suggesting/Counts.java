package dev.postern.policy.suggesting;

/**
 * Numbers of addresses that were not seen, for each number of blocks from {@code fewest} on: unsigned, of 128 bits. They do not
 * overflow, because the blocks of a cover are disjoint and at least one address was seen.
 */
final class Counts {

    private final int fewest;
    private final long[] high;
    private final long[] low;
    private final boolean[] known;

    Counts(int fewest, int most) {
        this.fewest = fewest;
        this.high = new long[most - fewest + 1];
        this.low = new long[most - fewest + 1];
        this.known = new boolean[most - fewest + 1];
    }

    int fewest() {
        return fewest;
    }

    int most() {
        return fewest + high.length - 1;
    }

    /** Takes the number of addresses of a block without those seen, of which there is at least one. */
    void offerBlock(int blocks, int hostBits, int seen) {
        long sizeHigh = hostBits <= Long.SIZE ? 0 : -1L >>> (2 * Long.SIZE - hostBits);
        long sizeLow = hostBits == 0 ? 0 : hostBits >= Long.SIZE ? -1L : -1L >>> (Long.SIZE - hostBits);
        // No more were seen than there are: the lower word, all ones as far as it reaches, is never less.
        offer(blocks, sizeHigh, sizeLow - (seen - 1L));
    }

    /** Takes the sum of two, where it is less than what is there; whether it was taken. */
    boolean offerSum(int blocks, Counts one, int blocksOfOne, Counts other) {
        int i = blocksOfOne - one.fewest;
        int j = blocks - blocksOfOne - other.fewest;
        long sumLow = one.low[i] + other.low[j];
        long carry = Long.compareUnsigned(sumLow, one.low[i]) < 0 ? 1 : 0;
        return offer(blocks, one.high[i] + other.high[j] + carry, sumLow);
    }

    private boolean offer(int blocks, long newHigh, long newLow) {
        int i = blocks - fewest;
        if (known[i] && !isLess(newHigh, newLow, high[i], low[i])) {
            return false;
        }
        high[i] = newHigh;
        low[i] = newLow;
        known[i] = true;
        return true;
    }

    /** The fewest blocks that leave the least. */
    int best() {
        int best = 0;
        for (int i = 1; i < high.length; i++) {
            if (isLess(high[i], low[i], high[best], low[best])) {
                best = i;
            }
        }
        return best + fewest;
    }

    private static boolean isLess(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh < 0 || byHigh == 0 && Long.compareUnsigned(low, otherLow) < 0;
    }
}
