package dev.postern.timing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** A histogram of durations, which many threads add to at once. */
public final class Durations {

    private static final long[] BOUNDS = {
        10_000, 50_000, 250_000, 1_000_000, 5_000_000, 25_000_000, 100_000_000, 500_000_000, 2_500_000_000L
    };

    private final LongAdder[] buckets =
            Stream.generate(LongAdder::new).limit(BOUNDS.length + 1).toArray(LongAdder[]::new);
    private final LongAdder nanos = new LongAdder();

    /**
     * The histogram at one moment, or nearly so.
     *
     * @param counts of the durations up to each bound, those of the bounds before included; the last is of all
     * @param seconds the sum of all durations
     */
    public record Snapshot(List<Long> counts, double seconds) {
        /** Keeps its own copy. */
        public Snapshot {
            counts = List.copyOf(counts);
        }
    }

    Durations() {}

    /** The bounds of the buckets, in seconds, each part of its bucket; one bucket more has the rest. */
    public static List<Double> bounds() {
        return Arrays.stream(BOUNDS).mapToObj(bound -> bound / 1e9).toList();
    }

    void add(long duration) {
        int bucket = 0;
        while (bucket < BOUNDS.length && duration > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        nanos.add(duration);
    }

    /** What was added so far. */
    public Snapshot snapshot() {
        List<Long> counts = new ArrayList<>();
        long count = 0;
        for (LongAdder bucket : buckets) {
            count += bucket.sum();
            counts.add(count);
        }
        return new Snapshot(counts, nanos.sum() / 1e9);
    }
}
