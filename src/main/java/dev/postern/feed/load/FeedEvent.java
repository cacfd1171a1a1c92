package dev.postern.feed.load;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedState;

/** Something happened to a feed. */
public sealed interface FeedEvent {

    /** A publisher was asked, or a person has accepted something. */
    record Asked(FeedDeclaration feed, FeedState before, FeedState after) implements FeedEvent {}

    /** A copy on disk cannot be used, or none can be written; the feed goes on without. */
    record CopyTrouble(String why) implements FeedEvent {}
}
