package dev.postern.fetch.client;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** When somebody is asked again: not all Posterns at once, and one that is down less and less often. */
public final class Pace {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 20;

    private final RandomGenerator random;
    private int failures;
    private Instant set;
    private Instant due;

    /** Due at once. */
    public Pace(RandomGenerator random, Instant now) {
        this.random = random;
        this.set = now;
        this.due = now;
    }

    /** Whether it is time; so it is, too, where the clock was set back, by which it would take too long. */
    public boolean isDue(Instant now) {
        return !now.isBefore(due) || now.isBefore(set);
    }

    /** It is time at once. */
    public void now(Instant now) {
        set = now;
        due = now;
    }

    /** All went well: after the usual time, give or take a tenth. */
    public void again(Duration refresh, Instant now) {
        failures = 0;
        set = now;
        due = now.plus(jittered(refresh));
    }

    /** Something went wrong: after 2 s, 4 s, 8 s and so on, up to the usual time. */
    public void retry(Duration refresh, Instant now) {
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS));
        set = now;
        due = now.plus(jittered(wait.compareTo(refresh) < 0 ? wait : refresh));
    }

    private Duration jittered(Duration time) {
        return Duration.ofMillis((long) (time.toMillis() * (0.9 + 0.2 * random.nextDouble())));
    }
}
