package dev.postern.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was counted in each step of the last hour. */
final class Timeline {

    /** How long a step is. */
    static final Duration STEP = Duration.ofSeconds(10);

    /** An hour. */
    static final int STEPS = 360;

    private final List<Step> steps = new ArrayList<>();
    private long[] before = new long[0];

    /**
     * A step.
     *
     * @param end when it ended
     * @param counts how many there were in it, by reason
     */
    record Step(Instant end, long[] counts) {}

    /** Takes the sums since the start, at the end of a step. */
    synchronized void take(long[] sums, Instant now) {
        long[] counts = sums.clone();
        for (int i = 0; i < before.length; i++) {
            counts[i] -= before[i];
        }
        before = sums.clone();
        if (steps.size() == STEPS) {
            steps.removeFirst();
        }
        steps.add(new Step(now, counts));
    }

    /** What has been counted since the last step ended, where these are the sums now. */
    synchronized long[] open(long[] sums) {
        long[] open = sums.clone();
        for (int i = 0; i < before.length; i++) {
            open[i] -= before[i];
        }
        return open;
    }

    /** The steps, oldest first. */
    synchronized List<Step> steps() {
        return List.copyOf(steps);
    }
}
