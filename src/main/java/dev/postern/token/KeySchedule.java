package dev.postern.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When keys change.
 *
 * @param every how long a key signs; zero: it is never changed
 * @param publishAhead how long a key is published before it signs: as long as replicas and registries may take to see it
 * @param keep how long what a key has signed is good for: as long it is verified when it no longer signs
 */
public record KeySchedule(Duration every, Duration publishAhead, Duration keep) {

    /** Keys that are never changed. */
    public static KeySchedule never(Duration keep) {
        return new KeySchedule(Duration.ZERO, Duration.ZERO, keep);
    }

    /** From when on the next key signs, where it is time to make it. */
    Optional<Instant> nextSignsFrom(Instant newestSignsFrom, Instant now) {
        if (every.isZero()) {
            return Optional.empty();
        }
        Instant planned = newestSignsFrom.plus(every);
        if (planned.minus(publishAhead).isAfter(now)) {
            return Optional.empty();
        }
        Instant soonest = now.plus(publishAhead);
        return Optional.of(planned.isAfter(soonest) ? planned : soonest);
    }
}
