package dev.postern.timing;

import java.util.Optional;
import java.util.function.Supplier;

/** Who records courses: some of them, or none. */
public interface Recorder {

    /** Records none, and looks at nothing. */
    Recorder NOBODY = new Recorder() {
        @Override
        public Optional<Trace> begin(long began, boolean believed, Supplier<Optional<String>> traceparent) {
            return Optional.empty();
        }

        @Override
        public void take(Trace.Recorded course) {}
    };

    /**
     * What is to be recorded of a course, where it is.
     *
     * @param began by {@link System#nanoTime}
     * @param believed whether the caller's word counts on whether it is
     * @param traceparent the header's value
     */
    Optional<Trace> begin(long began, boolean believed, Supplier<Optional<String>> traceparent);

    /** A course that is recorded has ended. Never blocks. */
    void take(Trace.Recorded course);
}
