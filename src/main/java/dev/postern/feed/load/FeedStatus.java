package dev.postern.feed.load;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedState;
import java.util.Optional;

/**
 * A feed as it is now.
 *
 * @param feed the feed
 * @param state what is known of it
 * @param stale whether its publisher's last word is older than {@code max-age}
 */
public record FeedStatus(FeedDeclaration feed, FeedState state, boolean stale) {

    /** What a person should look at, if anything. */
    public Optional<String> trouble() {
        if (state.good().isEmpty()) {
            return Optional.of("has never been had: " + state.outcome().wireName() + words());
        }
        if (state.heldBack().isPresent()) {
            return Optional.of("is held back: " + state.heldBack().get().why()
                    + "; look at it (postern feed diff " + feed.zone() + ") and accept it (postern feed accept "
                    + feed.zone() + ")");
        }
        if (stale) {
            return Optional.of("is stale: its publisher last confirmed it at "
                    + state.good().get().confirmedAt() + "; " + state.outcome().wireName() + words());
        }
        return switch (state.outcome()) {
            case REFUSED, UNREACHABLE ->
                Optional.of("is kept as it was: " + state.outcome().wireName() + words());
            case NEVER_ASKED, TAKEN, CONFIRMED, HELD_BACK -> Optional.empty();
        };
    }

    private String words() {
        return state.detail().isEmpty() ? "" : ", " + state.detail();
    }
}
