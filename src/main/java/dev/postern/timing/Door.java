package dev.postern.timing;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What one door's requests take. A door keeps its own, and looks it up nowhere. */
public final class Door {

    private final String name;
    private final boolean believed;
    private final Courses courses;
    private final Durations whole = new Durations();
    private final Durations[] steps;

    Door(String name, boolean believed, Courses courses) {
        this.name = name;
        this.believed = believed;
        this.courses = courses;
        this.steps = Stream.generate(Durations::new).limit(Step.values().length).toArray(Durations[]::new);
    }

    /** The name in metrics, audit events and traces. */
    public String name() {
        return name;
    }

    /**
     * A request has come.
     *
     * @param traceparent what it says of its trace; not asked where nothing is recorded
     */
    public Course begin(Supplier<Optional<String>> traceparent) {
        long now = System.nanoTime();
        return new Course(this, now, courses.recorder().begin(now, believed, traceparent));
    }

    void take(Trace.Recorded course) {
        courses.recorder().take(course);
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
