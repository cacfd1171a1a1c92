package dev.postern.tracing;

import dev.postern.audit.AuditLog;
import dev.postern.timing.Recorder;
import dev.postern.timing.Trace;
import dev.postern.timing.Traceparent;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Has some decisions written as spans. */
public final class Tracer implements Recorder {

    private final Sampling sampling;
    private final AuditLog to;
    private final InstantSource clock;
    private final SpanLines lines =
            new SpanLines(() -> ThreadLocalRandom.current().nextLong());
    private final LongAdder recorded = new LongAdder();

    /** Spans of the decisions that are chosen, to this place. */
    public Tracer(Sampling sampling, AuditLog to, InstantSource clock) {
        this.sampling = sampling;
        this.to = to;
        this.clock = clock;
    }

    @Override
    public <R> Optional<Trace> begin(long began, R request, Function<R, List<String>> traceparents) {
        Optional<Traceparent> parent = Traceparent.of(traceparents.apply(request));
        return sampling.takes(parent, began, ThreadLocalRandom.current().nextDouble())
                ? Optional.of(Trace.begin(parent, clock.instant(), began))
                : Optional.empty();
    }

    @Override
    public void take(Trace.Recorded course) {
        recorded.increment();
        lines.of(course).forEach(to::write);
    }

    /** How many decisions were recorded. */
    public long recorded() {
        return recorded.sum();
    }
}
