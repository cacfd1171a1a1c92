package dev.postern.feed.load;

import dev.postern.feed.FeedLocation;
import dev.postern.fetch.client.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Where feeds are, and when to ask there. Guarded by its keeper. */
final class Place {

    private final FeedLocation location;
    private final Pace pace;
    private Optional<FileFetcher.Stamp> stamp = Optional.empty();
    private boolean settled = true;
    private boolean busy;

    /** A place that is to be asked at once. */
    Place(FeedLocation location, RandomGenerator random, Instant now) {
        this.location = location;
        this.pace = new Pace(random, now);
    }

    FeedLocation location() {
        return location;
    }

    void hurry(Instant now) {
        pace.now(now);
    }

    /** Whether to ask now; once it is said, it is not said again before {@link #done}. */
    boolean begin(Instant now) {
        if (busy) {
            return false;
        }
        // Both are asked: a file's stamp is taken at each look.
        busy = isChanged(now) | pace.isDue(now);
        return busy;
    }

    /** A file is looked at as soon as it changes, whatever the pace. */
    private boolean isChanged(Instant now) {
        return switch (location) {
            case FeedLocation.Url url -> false;
            case FeedLocation.LocalFile file -> {
                Optional<FileFetcher.Stamp> seen = FileFetcher.stamp(file);
                boolean changed = !settled || !seen.equals(stamp);
                stamp = seen;
                settled = seen.map(stamp -> stamp.isSettled(now)).orElse(true);
                yield changed;
            }
        };
    }

    void done(boolean good, Duration refresh, Instant now) {
        busy = false;
        if (good) {
            pace.again(refresh, now);
        } else {
            pace.retry(refresh, now);
        }
    }
}
