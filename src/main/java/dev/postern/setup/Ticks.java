package dev.postern.setup;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What is done again and again, by a time that only goes forward. The scheduler of the framework goes by the wall clock: set back by
 * an hour, it would look at no policy and at no revocation for an hour.
 */
final class Ticks implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Ticks.class);

    /** What is slow (a policy of a million rules, a disk) keeps no more than one of the others. */
    private static final int THREADS = 3;

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("postern-tick-", 0).factory());

    /** Does something after each period; never twice at a time, and again whatever became of it. */
    void every(Duration period, Runnable action) {
        long millis = period.toMillis();
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        action.run();
                    } catch (RuntimeException | StackOverflowError | LinkageError mistake) {
                        LOG.error("what is done each " + millis + " ms has failed, and is tried again", mistake);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
