package dev.postern.throttle;

import java.time.Duration;

/**
 * How often somebody may be wrong.
 *
 * @param window in this time: that many at once, and then one each time when an even share of it is over
 * @param perSource from one place
 * @param perSubject with one name, from all places of a kind
 */
public record Limits(Duration window, int perSource, int perSubject) {}
