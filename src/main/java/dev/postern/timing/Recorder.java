package dev.postern.timing;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Who records courses: some of them, or none. */
public interface Recorder {

    /** Records none, and looks at nothing. */
    Recorder NOBODY = new Recorder() {
        @Override
        public <R> Optional<Trace> begin(long began, R request, Function<R, List<String>> traceparents) {
            return Optional.empty();
        }

        @Override
        public void take(Trace.Recorded course) {}
    };

    /**
     * What is to be recorded of a course, where it is.
     *
     * @param began by {@link System#nanoTime}
     * @param traceparents the lines of that header of a request
     */
    <R> Optional<Trace> begin(long began, R request, Function<R, List<String>> traceparents);

    /** A course that is recorded has ended. Never blocks. */
    void take(Trace.Recorded course);
}
