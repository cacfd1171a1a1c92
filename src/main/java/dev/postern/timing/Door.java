package dev.postern.timing;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What one door's requests take. A door keeps its own, and looks it up nowhere. */
public final class Door {

    private final String name;
    private final Courses courses;
    private final Durations whole = new Durations();
    private final Durations[] steps;

    Door(String name, Courses courses) {
        this.name = name;
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
     * @param traceparents the lines of that header where its sender is believed, none where it is not; asked for only where
     *     traces are recorded
     */
    public <R> Course begin(R request, Function<R, List<String>> traceparents) {
        long now = System.nanoTime();
        return new Course(this, now, courses.recorder().begin(now, request, traceparents));
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
