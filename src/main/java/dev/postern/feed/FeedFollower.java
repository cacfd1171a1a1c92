package dev.postern.feed;

import java.util.Collection;

/** Who keeps the feeds that a policy names. */
public interface FeedFollower {

    /** What the feeds hold now: the same object as long as nothing that a policy would see has changed. */
    Feeds snapshot();

    /** From now on these feeds are followed, and no others. */
    void follow(Collection<FeedDeclaration> feeds);

    /** Follows none: what a policy says of feeds is checked, and they are missing. */
    FeedFollower NOBODY = new FeedFollower() {
        private final Feeds none = Feeds.none();

        @Override
        public Feeds snapshot() {
            return none;
        }

        @Override
        public void follow(Collection<FeedDeclaration> feeds) {
            // Nothing is kept.
        }
    };
}
