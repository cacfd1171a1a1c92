package dev.postern.throttle;

import java.time.Duration;

/**
 * So many at once, and then one each time when an even share of the window is over: the generic cell rate algorithm (ITU-T
 * I.371, annex A), which keeps one time for each that it counts: when all that was counted is made up for.
 */
final class Rate {

    private final long share;
    private final long window;

    Rate(Duration window, int limit) {
        this.share = Math.max(1, window.toNanos() / limit);
        this.window = share * limit;
    }

    /** How long the next has to wait, in nanoseconds, where all before it are made up for at that time. */
    long delay(long madeUp, long now) {
        return Math.max(0, ahead(madeUp, now) + share - window);
    }

    /** When all are made up for, one more included. More than the limit never counts: it could only have come at once. */
    long after(long madeUp, long now) {
        return now + Math.min(window, ahead(madeUp, now) + share);
    }

    /** A time further ahead than any that is ever noted is of a clock that has been set back since. */
    private long ahead(long madeUp, long now) {
        long ahead = madeUp - now;
        return ahead < 0 || ahead > window ? 0 : ahead;
    }
}
