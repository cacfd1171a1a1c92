package dev.postern.feed.load;

import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedState;
import java.time.Duration;
import java.util.Optional;

/**
 * A feed that is followed.
 *
 * @param feed the feed
 * @param state what is known of it
 * @param saved what of that is on disk
 */
record Followed(FeedDeclaration feed, FeedState state, FeedState saved) {

    /** As often, what a publisher confirms is kept on disk: after a restart, a copy may seem so much older than it is. */
    private static final Duration KEEP_CONFIRMATIONS = Duration.ofMinutes(10);

    Followed with(FeedDeclaration other) {
        return new Followed(other, state, saved);
    }

    Followed with(FeedState other) {
        return new Followed(feed, other, saved);
    }

    Followed saved(FeedState onDisk) {
        return new Followed(feed, state, onDisk);
    }

    boolean isWorthSaving() {
        return !words(state).equals(words(saved)) || confirmedLongSince();
    }

    private static Object words(FeedState state) {
        return state.good().map(copy -> copy.digest() + copy.validators()).orElse("")
                + state.heldBack()
                        .map(held -> held.copy().digest() + held.why())
                        .orElse("");
    }

    private boolean confirmedLongSince() {
        Optional<FeedCopy> onDisk = saved.good();
        return onDisk.isPresent()
                && state.good()
                        .map(copy -> Duration.between(onDisk.get().confirmedAt(), copy.confirmedAt()))
                        .filter(since -> since.compareTo(KEEP_CONFIRMATIONS) >= 0)
                        .isPresent();
    }

    /** Whether asking once more may help somebody who waits for it. */
    boolean isAwaited() {
        return state.good().isEmpty()
                && (state.outcome() == FeedOutcome.NEVER_ASKED || state.outcome() == FeedOutcome.UNREACHABLE);
    }
}
