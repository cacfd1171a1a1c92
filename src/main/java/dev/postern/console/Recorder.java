package dev.postern.console;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.Reduction;
import dev.postern.decision.Decision;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What is remembered of decisions while the console is on. On the thread that decides it counts, and leaves refusals in a table; a
 * thread of its own reduces them as audit events are, and makes of them what is shown.
 */
final class Recorder implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Recorder.class);
    private static final long EVERY_MILLIS = 200;

    private final Tallies tallies = new Tallies();
    private final Timeline timeline = new Timeline();
    private final Intake intake = new Intake();
    private final Refusals refusals = new Refusals();
    private final Reduction reduction;
    private final InstantSource clock;
    private final Instant began;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postern-console");
        thread.setDaemon(true);
        return thread;
    });

    Recorder(Reduction reduction, InstantSource clock) {
        this.reduction = reduction;
        this.clock = clock;
        this.began = clock.instant();
        timeline.take(tallies.byReason(), began);
    }

    /** Begins to take what is left in the table. */
    void begin() {
        var drain = worker.scheduleWithFixedDelay(
                () -> safely(this::drain), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        long step = Timeline.STEP.toMillis();
        var take = worker.scheduleAtFixedRate(
                () -> safely(() -> timeline.take(tallies.byReason(), clock.instant())),
                step,
                step,
                TimeUnit.MILLISECONDS);
        LOG.debugf("the console records: %s, %s", drain, take);
    }

    /** A task that ends in an exception would never run again. */
    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the console could not record", e);
        }
    }

    /** Takes an event, on the thread that decides. */
    void take(AuditEvent event) {
        tallies.count(event);
        boolean isShown = switch (event.decision()) {
            case Decision.Refused refused -> true;
            case Decision.Granted granted -> granted.wouldBe().isPresent();
        };
        if (isShown) {
            intake.put(event);
        }
    }

    /** Takes what is in the table. */
    void drain() {
        for (AuditEvent event : intake.drain()) {
            AuditEvent reduced = reduction.apply(event);
            refusals.add(Refusal.block(reduced.request().source()), sequence -> Refusal.of(sequence, reduced));
        }
    }

    Tallies tallies() {
        return tallies;
    }

    Timeline timeline() {
        return timeline;
    }

    Refusals refusals() {
        return refusals;
    }

    /** How many refusals were counted, and are not shown for there were too many of a block at once. */
    long lost() {
        return intake.lost();
    }

    /** Since when. */
    Instant began() {
        return began;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
