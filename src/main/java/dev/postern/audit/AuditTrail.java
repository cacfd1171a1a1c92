package dev.postern.audit;

import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Reason;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Subject;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
    private final Map<Counted, Counter> counters = new ConcurrentHashMap<>();

    /** What is counted together. */
    private sealed interface Counted {}

    private record Decided(String door, String outcome, Reason reason, String caller) implements Counted {}

    private record Reported(String door, Reason reason) implements Counted {}

    private record Found(String door, Explanation.Outcome outcome) implements Counted {}

    private record Malformed(String door) implements Counted {}

    AuditTrail(MeterRegistry meters, AuditOutlets outlets) {
        this.meters = meters;
        this.outlets = outlets;
    }

    /** Records the event. */
    public void record(AuditEvent event) {
        outlets.write(event);
        Decision decision = event.decision();
        count(
                new Decided(
                        event.door(),
                        outcome(decision),
                        decision.reason(),
                        caller(event.request().authentication())),
                1);
        if (decision instanceof Decision.Granted granted && granted.wouldBe().isPresent()) {
            count(new Reported(event.door(), granted.wouldBe().get().reason()), 1);
        }
        count(event, Explanation.Outcome.WOULD_PASS);
        count(event, Explanation.Outcome.TRUSTED);
        listeners.forEach(listener -> listener.accept(event));
    }

    private void count(AuditEvent event, Explanation.Outcome outcome) {
        long steps = event.decision().explanation().count(outcome);
        if (steps > 0) {
            count(new Found(event.door(), outcome), steps);
        }
    }

    private void count(Counted what, long times) {
        counters.computeIfAbsent(what, this::counter).increment(times);
    }

    private Counter counter(Counted what) {
        Counter.Builder counter = switch (what) {
            case Decided decided ->
                Counter.builder("postern.decisions")
                        .description("Decisions")
                        .tag("door", decided.door())
                        .tag("outcome", decided.outcome())
                        .tag("reason", decided.reason().wireName())
                        .tag("caller", decided.caller());
            case Reported reported ->
                Counter.builder("postern.decisions.reported")
                        .description("Decisions that grant what would be refused, were everything enforced")
                        .tag("door", reported.door())
                        .tag("reason", reported.reason().wireName());
            case Found found ->
                found.outcome() == Explanation.Outcome.TRUSTED
                        ? Counter.builder("postern.decisions.trusted")
                                .description("Trusted services that were let in past rules which refuse them")
                                .tag("door", found.door())
                        : Counter.builder("postern.decisions.would-pass")
                                .description("Refusals by rules that a rule on trial would admit")
                                .tag("door", found.door());
            case Malformed malformed ->
                Counter.builder("postern.requests.malformed")
                        .description("Requests that could not be read, and on which nothing was decided")
                        .tag("door", malformed.door());
        };
        return counter.register(meters);
    }

    /** The class of who asks, of which there are a handful. */
    private static String caller(Authentication authentication) {
        if (!(authentication instanceof Authentication.Authenticated known)) {
            return "unknown";
        }
        return switch (known.identity()) {
            case Identity.Anonymous anonymous -> "anonymous";
            case Identity.Known policys -> policys.subject().kind() == Subject.Kind.USER ? "user" : "service-id";
            case Identity.Federated federated -> "federated";
            case Identity.Foreign foreign -> "foreign";
        };
    }

    /** {@code granted}, {@code empty} for a token without anything of what was asked, or {@code refused}. */
    public static String outcome(Decision decision) {
        return switch (decision) {
            case Decision.Refused refused -> "refused";
            case Decision.Granted granted -> granted.reason() == Reason.GRANTED ? "granted" : "empty";
        };
    }

    /** Counts a request that could not be read, and on which hence nothing was decided. */
    public void malformed(String door) {
        count(new Malformed(door), 1);
    }

    /** Calls the listener with each event from now on, on the thread that decides. */
    public void listen(Consumer<AuditEvent> listener) {
        listeners.add(listener);
    }
}
