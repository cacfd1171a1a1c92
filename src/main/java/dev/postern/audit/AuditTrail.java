package dev.postern.audit;

import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Takes each event to where events are kept, and to the metrics. */
@ApplicationScoped
public class AuditTrail {

    private final MeterRegistry meters;
    private final AuditOutlets outlets;
    private final List<Consumer<AuditEvent>> listeners = new CopyOnWriteArrayList<>();
    /** So many as there are doors, outcomes and reasons: looking one up in the registry costs more than all else here. */
    private final Map<Counted, Counter> decisions = new ConcurrentHashMap<>();

    private record Counted(String door, String outcome, Reason reason) {}

    AuditTrail(MeterRegistry meters, AuditOutlets outlets) {
        this.meters = meters;
        this.outlets = outlets;
    }

    /** Records the event. */
    public void record(AuditEvent event) {
        outlets.write(event);
        String outcome = outcome(event.decision());
        decisions
                .computeIfAbsent(
                        new Counted(event.door(), outcome, event.decision().reason()), this::counter)
                .increment();
        if (event.decision() instanceof Decision.Granted granted) {
            granted.wouldBe()
                    .ifPresent(refusal -> meters.counter(
                                    "postern.decisions.reported",
                                    Tags.of(
                                            "door",
                                            event.door(),
                                            "reason",
                                            refusal.reason().wireName()))
                            .increment());
        }
        count("postern.decisions.would-pass", Explanation.Outcome.WOULD_PASS, event);
        count("postern.decisions.trusted", Explanation.Outcome.TRUSTED, event);
        listeners.forEach(listener -> listener.accept(event));
    }

    private Counter counter(Counted what) {
        return meters.counter(
                "postern.decisions",
                Tags.of(
                        "door",
                        what.door(),
                        "outcome",
                        what.outcome(),
                        "reason",
                        what.reason().wireName()));
    }

    private void count(String meter, Explanation.Outcome outcome, AuditEvent event) {
        long steps = event.decision().explanation().count(outcome);
        if (steps > 0) {
            meters.counter(meter, Tags.of("door", event.door())).increment(steps);
        }
    }

    /** {@code granted}, {@code empty} for a token without anything of what was asked, or {@code refused}. */
    static String outcome(Decision decision) {
        return switch (decision) {
            case Decision.Refused refused -> "refused";
            case Decision.Granted granted -> granted.reason() == Reason.GRANTED ? "granted" : "empty";
        };
    }

    /** Counts a request that could not be read, and on which hence nothing was decided. */
    public void malformed(String door) {
        meters.counter("postern.requests.malformed", Tags.of("door", door)).increment();
    }

    /** Calls the listener with each event from now on, on the thread that decides. */
    public void listen(Consumer<AuditEvent> listener) {
        listeners.add(listener);
    }
}
