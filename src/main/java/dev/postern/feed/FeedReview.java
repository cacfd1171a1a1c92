package dev.postern.feed;

import java.util.Optional;

/** Has a say before what a publisher says is taken: the policy in force may be broken by it. */
@FunctionalInterface
public interface FeedReview {

    /** Takes everything. */
    FeedReview NONE = next -> Optional.empty();

    /** Why the feeds must not hold this, if so. */
    Optional<String> objection(Feeds next);
}
