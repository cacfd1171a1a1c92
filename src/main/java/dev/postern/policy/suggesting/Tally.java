package dev.postern.policy.suggesting;

import java.time.Instant;

/**
 * How often something was seen, and from when to when.
 *
 * @param requests how often, at least once
 */
record Tally(long requests, Instant first, Instant last) {

    static Tally of(Instant time) {
        return new Tally(1, time, time);
    }

    Tally and(Tally other) {
        return new Tally(
                requests + other.requests,
                first.isBefore(other.first) ? first : other.first,
                last.isAfter(other.last) ? last : other.last);
    }
}
