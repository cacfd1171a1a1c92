package dev.postern.setup;

import java.time.Duration;
import java.time.Instant;

/** Times as metrics have them. */
final class Seconds {

    private Seconds() {}

    static double of(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** From one instant to another; negative where that was before. */
    static double between(Instant from, Instant to) {
        return of(Duration.between(from, to));
    }
}
