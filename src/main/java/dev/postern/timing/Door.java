package dev.postern.timing;

import java.util.stream.Stream;

/** What one door's requests take. A door keeps its own, and looks it up nowhere. */
public final class Door {

    private final String name;
    private final Durations whole = new Durations();
    private final Durations[] steps;

    Door(String name) {
        this.name = name;
        this.steps = Stream.generate(Durations::new).limit(Step.values().length).toArray(Durations[]::new);
    }

    /** The name in metrics, audit events and traces. */
    public String name() {
        return name;
    }

    /** A request has come. */
    public Course begin() {
        return new Course(this, System.nanoTime());
    }

    /** From a request's arrival to its answer, for those on which something was decided. */
    public Durations whole() {
        return whole;
    }

    /** What a step has taken. */
    public Durations of(Step step) {
        return steps[step.ordinal()];
    }
}
