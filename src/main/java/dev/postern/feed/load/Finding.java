package dev.postern.feed.load;

import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedRules;
import dev.postern.feed.FeedState;
import java.time.Instant;

/** What an answer has for one feed. */
public sealed interface Finding {

    /** This. */
    record Said(FeedCopy copy) implements Finding {}

    /** Nothing new. */
    record Unchanged() implements Finding {}

    /** Nothing of use. */
    record Failed(FeedOutcome outcome, String why) implements Finding {}

    /** What is known of the feed after this. */
    default FeedState after(FeedState before, FeedRules rules, Instant now) {
        return switch (this) {
            case Said said -> before.said(said.copy(), rules, now);
            case Unchanged unchanged -> before.unchanged(now);
            case Failed failed -> before.failed(failed.outcome(), failed.why(), now);
        };
    }
}
