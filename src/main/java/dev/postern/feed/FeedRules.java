package dev.postern.feed;

import java.time.Duration;
import java.util.Optional;

/**
 * How a zone follows its feed.
 *
 * @param refresh how often the publisher is asked
 * @param maxAge how long the publisher's last word counts; for ever where empty
 * @param whenStale what becomes of the zone after that
 * @param maxShrink in percent: more of the addresses of a family lost at once than this is held back
 * @param maxGrowth in percent: more addresses of a family gained at once than this is held back
 * @param allowWide whether blocks wider than /8 (IPv4) or /16 (IPv6) are taken
 */
public record FeedRules(
        Duration refresh,
        Optional<Duration> maxAge,
        WhenStale whenStale,
        int maxShrink,
        int maxGrowth,
        boolean allowWide) {

    /** What becomes of a zone whose feed is older than its {@code max-age}. */
    public enum WhenStale {
        /** It stays as it is, and is reported. */
        KEEP,
        /** It matches nobody in an allow list; in a deny list it stays as it is. */
        REFUSE
    }

    /** How often the publisher is asked at most. */
    public static final Duration LEAST_REFRESH = Duration.ofMinutes(1);

    /** How often the publisher is asked at least. */
    public static final Duration MOST_REFRESH = Duration.ofDays(7);

    /** What holds where the policy says nothing. */
    public static final FeedRules DEFAULTS =
            new FeedRules(Duration.ofHours(1), Optional.empty(), WhenStale.KEEP, 30, 400, false);
}
