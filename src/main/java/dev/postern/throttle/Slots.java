package dev.postern.throttle;

import java.util.function.LongUnaryOperator;

/**
 * A table of times, in nanoseconds since the epoch, of a size that never changes. A key has a few slots that it shares with
 * others of its set; the one that makes room is the one whose time is over first, or over longest.
 */
final class Slots {

    private static final int LOCKS = 64;

    private final int sets;
    private final int ways;
    private final long[] tags;
    private final long[] times;
    private final Object[] locks = new Object[LOCKS];

    /**
     * A key.
     *
     * @param set what chooses its set
     * @param tag what tells it from others there
     */
    record Key(long set, long tag) {}

    /** A table of so many sets of so many slots. */
    Slots(int sets, int ways) {
        this.sets = sets;
        this.ways = ways;
        this.tags = new long[sets * ways];
        this.times = new long[sets * ways];
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /** The time of the key; 0 where none is known. */
    long get(Key key) {
        int first = first(key);
        synchronized (lock(first)) {
            int at = find(key, first);
            return at < 0 ? 0 : times[at];
        }
    }

    /** Makes another time of the key's; of 0 where none is known. */
    void update(Key key, LongUnaryOperator step) {
        int first = first(key);
        synchronized (lock(first)) {
            int at = find(key, first);
            long before = at < 0 ? 0 : times[at];
            if (at < 0) {
                at = soonest(first);
                tags[at] = key.tag();
            }
            times[at] = step.applyAsLong(before);
        }
    }

    /** How many times lie after this one. A look without locks: it may be off by what changes meanwhile. */
    int after(long time) {
        int count = 0;
        for (long each : times) {
            count += each > time ? 1 : 0;
        }
        return count;
    }

    private int first(Key key) {
        return (int) Math.floorMod(key.set(), (long) sets) * ways;
    }

    private Object lock(int first) {
        return locks[first / ways % LOCKS];
    }

    private int find(Key key, int first) {
        for (int at = first; at < first + ways; at++) {
            if (tags[at] == key.tag() && times[at] != 0) {
                return at;
            }
        }
        return -1;
    }

    private int soonest(int first) {
        int soonest = first;
        for (int at = first + 1; at < first + ways; at++) {
            if (times[at] < times[soonest]) {
                soonest = at;
            }
        }
        return soonest;
    }
}
