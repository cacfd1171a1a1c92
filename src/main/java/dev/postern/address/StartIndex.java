package dev.postern.address;

import java.util.function.IntToLongFunction;

/**
 * Where among sorted starts to search for a key: the span from the least to the greatest is cut into buckets of equal
 * width, and each knows its first start. Where starts lie evenly a bucket has two of them, and a search needs no more than
 * two or three steps, whose outcomes a processor cannot guess; where they crowd, as many as without the index.
 */
final class StartIndex {

    /** Fewer starts than this are searched as fast without buckets, which would take more room than they are worth. */
    private static final int WORTHWHILE = 1024;

    private final long least;
    private final int shift;

    /** By bucket, the first start in it or after it; one more at the end, the number of starts. */
    private final int[] firsts;

    private StartIndex(long least, int shift, int[] firsts) {
        this.least = least;
        this.shift = shift;
        this.firsts = firsts;
    }

    /**
     * An index of so many keys.
     *
     * @param key the key at a place; unsigned, and never less than the one before
     */
    static StartIndex of(int count, IntToLongFunction key) {
        if (count < WORTHWHILE) {
            return new StartIndex(count == 0 ? 0 : key.applyAsLong(0), Long.SIZE - 1, new int[] {0, count});
        }
        long least = key.applyAsLong(0);
        long span = key.applyAsLong(count - 1) - least;
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(count / 2);
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(span) - bits);
        int[] firsts = new int[(int) (span >>> shift) + 2];
        int bucket = 0;
        for (int i = 0; i < count; i++) {
            for (int own = (int) (key.applyAsLong(i) - least >>> shift); bucket < own; ) {
                firsts[++bucket] = i;
            }
        }
        firsts[bucket + 1] = count;
        return new StartIndex(least, shift, firsts);
    }

    /** The bucket of a key; -1 where the key is less than all. Keys greater than all are in the last bucket. */
    int bucket(long key) {
        if (Long.compareUnsigned(key, least) < 0) {
            return -1;
        }
        long bucket = key - least >>> shift;
        int last = firsts.length - 2;
        return bucket < 0 || bucket > last ? last : (int) bucket;
    }

    /** The first start in this bucket or after it. */
    int from(int bucket) {
        return firsts[bucket];
    }

    /** The first start after this bucket. */
    int to(int bucket) {
        return firsts[bucket + 1];
    }
}
