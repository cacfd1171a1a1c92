package dev.postern.timing;

import java.util.Optional;

/** The way of one request. One thread at a time goes it. */
public final class Course {

    private final Door door;
    private final long began;
    private final Optional<Trace> trace;
    private long last;

    /**
     * What it came to.
     *
     * @param decision the decision's id
     * @param outcome {@code granted}, {@code empty} or {@code refused}
     * @param reason the reason's wire name
     */
    public record End(String decision, String outcome, String reason) {}

    Course(Door door, long began, Optional<Trace> trace) {
        this.door = door;
        this.began = began;
        this.trace = trace;
        this.last = began;
    }

    /** At which door it began. */
    public Door door() {
        return door;
    }

    /** This step is done: it took the time since the one before, or since the beginning. */
    public void passed(Step step) {
        long now = System.nanoTime();
        door.of(step).add(now - last);
        if (trace.isPresent()) {
            trace.get().add(step, last, now);
        }
        last = now;
    }

    /** The answer is there. */
    public void ended(String decision, String outcome, String reason) {
        long now = System.nanoTime();
        door.whole().add(now - began);
        if (trace.isPresent()) {
            door.take(trace.get().recorded(door.name(), now, new End(decision, outcome, reason)));
        }
    }
}
