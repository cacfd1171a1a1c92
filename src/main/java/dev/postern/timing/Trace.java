package dev.postern.timing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is recorded of one course. */
public final class Trace {

    private final Optional<Traceparent> parent;
    private final Instant at;
    private final long began;
    private final List<Passed> steps = new ArrayList<>(Step.values().length);

    /**
     * A step, and the time that it took.
     *
     * @param from its beginning
     * @param to its end
     */
    public record Passed(Step step, Instant from, Instant to) {}

    /**
     * A course from its beginning to its end.
     *
     * @param door where
     * @param parent the caller's trace, where it is part of one
     * @param steps what it passed, in order
     * @param decision the decision's id
     * @param outcome {@code granted}, {@code empty} or {@code refused}
     * @param reason the reason's wire name
     */
    public record Recorded(
            String door,
            Optional<Traceparent> parent,
            Instant from,
            Instant to,
            List<Passed> steps,
            String decision,
            String outcome,
            String reason) {
        /** Keeps its own copy. */
        public Recorded {
            steps = List.copyOf(steps);
        }
    }

    /** A trace of a course that began then, by both clocks. */
    public static Trace begin(Optional<Traceparent> parent, Instant at, long began) {
        return new Trace(parent, at, began);
    }

    private Trace(Optional<Traceparent> parent, Instant at, long began) {
        this.parent = parent;
        this.at = at;
        this.began = began;
    }

    void add(Step step, long from, long to) {
        steps.add(new Passed(step, instant(from), instant(to)));
    }

    Recorded recorded(String door, long ended, Course.End end) {
        return new Recorded(door, parent, at, instant(ended), steps, end.decision(), end.outcome(), end.reason());
    }

    private Instant instant(long nanos) {
        return at.plus(Duration.ofNanos(nanos - began));
    }
}
