package dev.postern.tracing;

import dev.postern.timing.Traceparent;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which decisions are recorded: of a trace that a caller has begun those that it records, of the others a part. So many a second of
 * each at most: who passes on what strangers write takes no place from the others.
 */
public final class Sampling {

    private final double ratio;
    private final PerSecond followed;
    private final PerSecond begun;
    private final LongAdder beyond = new LongAdder();

    /**
     * A choice.
     *
     * @param ratio the part of those that belong to no trace: 0 to 1
     * @param most of either kind in a second
     */
    public Sampling(double ratio, int most) {
        this.ratio = ratio;
        this.followed = new PerSecond(most);
        this.begun = new PerSecond(most);
    }

    /**
     * Whether a decision is recorded.
     *
     * @param nanos when it began, by {@link System#nanoTime}
     * @param dice from 0 to 1, less than 1
     */
    boolean takes(Optional<Traceparent> parent, long nanos, double dice) {
        boolean wanted = parent.isPresent() ? parent.get().sampled() : dice < ratio;
        if (!wanted) {
            return false;
        }
        boolean room = (parent.isPresent() ? followed : begun).take(nanos);
        if (!room) {
            beyond.increment();
        }
        return room;
    }

    /** How many there were beyond those of a second. */
    public long beyond() {
        return beyond.sum();
    }

    /** Counts to so many, and from nothing again with each second. */
    private static final class PerSecond {
        private static final long NANOS = 1_000_000_000L;

        private final int most;
        /** The upper half is the second, the lower how many there were in it. */
        private final AtomicLong window = new AtomicLong();

        PerSecond(int most) {
            this.most = most;
        }

        boolean take(long nanos) {
            long second = Math.floorDiv(nanos, NANOS) & 0x7fff_ffffL;
            long next = window.updateAndGet(before -> before >>> 32 == second ? before + 1 : second << 32 | 1);
            return (next & 0xffff_ffffL) <= most;
        }
    }
}
