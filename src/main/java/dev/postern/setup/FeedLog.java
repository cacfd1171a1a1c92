package dev.postern.setup;

import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedDifference;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedState;
import dev.postern.feed.load.FeedEvent;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Says what happens to feeds: a change, a trouble once, and the end of it. */
final class FeedLog implements Consumer<FeedEvent> {

    private static final Logger LOG = Logger.getLogger("dev.postern.feed");

    @Override
    public void accept(FeedEvent event) {
        switch (event) {
            case FeedEvent.CopyTrouble trouble -> LOG.warn(trouble.why());
            case FeedEvent.Asked asked -> say(asked.feed(), asked.before(), asked.after());
        }
    }

    private static void say(FeedDeclaration feed, FeedState before, FeedState after) {
        boolean same = before.outcome() == after.outcome() && before.detail().equals(after.detail());
        switch (after.outcome()) {
            case TAKEN -> after.good().ifPresent(copy -> LOG.info(taken(feed, before.good(), copy)));
            case CONFIRMED -> {
                if (isTrouble(before.outcome())) {
                    LOG.infof("zone '%s': its publisher says again what is in force", feed.zone());
                } else {
                    LOG.debugf("zone '%s': confirmed", feed.zone());
                }
            }
            case HELD_BACK, REFUSED, UNREACHABLE -> {
                if (same) {
                    LOG.debugf(
                            "zone '%s': %s still: %s",
                            feed.zone(), after.outcome().wireName(), after.detail());
                } else {
                    LOG.warnf(
                            "zone '%s': what %s says is not taken (%s): %s; %s",
                            feed.zone(),
                            feed.text(),
                            after.outcome().wireName(),
                            after.detail(),
                            after.good().isPresent() ? "what was in force stays so" : "there is nothing in force");
                }
            }
            case NEVER_ASKED -> {}
        }
    }

    private static boolean isTrouble(FeedOutcome outcome) {
        return outcome == FeedOutcome.HELD_BACK || outcome == FeedOutcome.REFUSED || outcome == FeedOutcome.UNREACHABLE;
    }

    private static String taken(FeedDeclaration feed, Optional<FeedCopy> before, FeedCopy after) {
        String change = before.map(copy -> FeedDifference.between(copy.addresses(), after.addresses()))
                .map(difference -> ", " + difference.added().ranges().size() + " ranges more and "
                        + difference.removed().ranges().size() + " less than before")
                .orElse("");
        return "zone '" + feed.zone() + "': taken, " + after.prefixes() + " prefixes of " + feed.text() + change;
    }
}
