package dev.postern.listener;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long an event loop has been at work on the requests that came together. It takes all that are there, one after the other,
 * before it comes to its timers: so long as a timer that is due does not come, there is a queue, and whoever stands at its end
 * waits as long. What waits is in the sockets, where nobody can count it; this is what can be seen of it.
 *
 * <p>A process that was stopped for a while is not behind: the time counts from the first request after the last timer. Of one
 * event loop, and used by it alone. The clock is looked at by one request of {@value #EACH}.
 */
public final class Pulse {

    /** After the first request, a timer is set for then. */
    public static final Duration INTERVAL = Duration.ofMillis(20);

    /** So few are answered sooner than it is found out what they wait for. */
    static final int EACH = 64;

    private final long most;
    private final LongSupplier nanoTime;
    private final Consumer<Runnable> timer;
    private long began;
    private int taken;
    private boolean behind;

    /**
     * Sets no timer before the first request.
     *
     * @param maxLag how late a timer may be
     * @param nanoTime the time, in nanoseconds from anywhere
     * @param timer sets a timer of {@link #INTERVAL} on the event loop
     */
    public Pulse(Duration maxLag, LongSupplier nanoTime, Consumer<Runnable> timer) {
        this.most = maxLag.plus(INTERVAL).toNanos();
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    /** Whether the request that has come is one too many. */
    public boolean isBehind() {
        if (taken == 0) {
            began = nanoTime.getAsLong();
            timer.accept(this::beat);
        }
        taken++;
        if (!behind && taken % EACH == 0) {
            behind = nanoTime.getAsLong() - began > most;
        }
        return behind;
    }

    private void beat() {
        taken = 0;
        behind = false;
    }
}
