package dev.postern.feed;

import dev.postern.fetch.Validators;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a feed. Whatever happens, the good copy is lost by nothing, and replaced by a good one alone:
 *
 * <pre>
 *   nothing had ──good──► in force ──good, little changed──► in force
 *        │                   │ ▲
 *        │                   │ └── the former said again, or a person accepts it ──┐
 *        │                   └──── good, too much changed ──► in force, held back ──┘
 *        └── good, too wide ──► nothing had, held back ── a person accepts it ──► in force
 *
 *   good, but the policy in force would be broken by it ──► held back, until the policy is another
 *
 *   no answer, or none that can be read: all stays as it is
 * </pre>
 *
 * @param good the copy that is in force; empty until the first
 * @param heldBack what waits for a person
 * @param outcome what came of asking last
 * @param detail what there is to say about that; empty where all is well
 * @param askedAt when that was; empty until the first time
 */
public record FeedState(
        Optional<FeedCopy> good,
        Optional<HeldBack> heldBack,
        FeedOutcome outcome,
        String detail,
        Optional<Instant> askedAt) {

    /**
     * A copy that waits.
     *
     * @param copy what the publisher says
     * @param why what is the matter with it
     */
    public record HeldBack(FeedCopy copy, String why) {}

    /** Nothing is known yet. */
    public static final FeedState EMPTY =
            new FeedState(Optional.empty(), Optional.empty(), FeedOutcome.NEVER_ASKED, "", Optional.empty());

    /** What was kept from an earlier life. */
    public static FeedState kept(Optional<FeedCopy> good, Optional<HeldBack> heldBack) {
        return new FeedState(
                good,
                heldBack,
                heldBack.isPresent() ? FeedOutcome.HELD_BACK : FeedOutcome.NEVER_ASKED,
                heldBack.map(HeldBack::why).orElse(""),
                Optional.empty());
    }

    /** The publisher said this. */
    public FeedState said(FeedCopy copy, FeedRules rules, Instant now) {
        if (good.isPresent() && good.get().digest().equals(copy.digest())) {
            return confirmed(copy.validators(), copy.confirmedAt(), now);
        }
        return FeedDifference.objection(good.map(FeedCopy::addresses), copy.addresses(), rules)
                .map(why -> heldBack(copy, why, Optional.of(now)))
                .orElseGet(() -> taken(copy, now));
    }

    /**
     * This state, or the former with what would be taken held back, where the review objects.
     *
     * @param before the state before this
     * @param held what all feeds hold in that
     */
    public FeedState reviewed(FeedState before, FeedId id, Feeds held, FeedReview review) {
        Optional<FeedCopy> taken =
                good.filter(copy -> !before.good().map(FeedCopy::digest).equals(Optional.of(copy.digest())));
        return taken.flatMap(copy -> review.objection(held.with(id, copy.addresses()))
                        .map(why -> before.heldBack(copy, why, askedAt)))
                .orElse(this);
    }

    private FeedState heldBack(FeedCopy copy, String why, Optional<Instant> at) {
        return new FeedState(good, Optional.of(held(copy, why)), FeedOutcome.HELD_BACK, why, at);
    }

    /** Keeps since when it has been said. */
    private HeldBack held(FeedCopy copy, String why) {
        return heldBack.filter(earlier -> earlier.copy().digest().equals(copy.digest()))
                .map(earlier -> new HeldBack(earlier.copy().confirmed(copy.validators(), copy.confirmedAt()), why))
                .orElseGet(() -> new HeldBack(copy, why));
    }

    private static FeedState taken(FeedCopy copy, Instant now) {
        return new FeedState(Optional.of(copy), Optional.empty(), FeedOutcome.TAKEN, "", Optional.of(now));
    }

    /** The publisher said that nothing has changed since it said the good copy. */
    public FeedState unchanged(Instant now) {
        Validators same = good.map(FeedCopy::validators).orElse(Validators.NONE);
        return confirmed(same, now, now);
    }

    private FeedState confirmed(Validators validators, Instant at, Instant now) {
        return new FeedState(
                good.map(copy -> copy.confirmed(validators, at)),
                Optional.empty(),
                FeedOutcome.CONFIRMED,
                "",
                Optional.of(now));
    }

    /** What the publisher said cannot be read, or does not come: {@code outcome} says which of both. */
    public FeedState failed(FeedOutcome outcome, String why, Instant now) {
        return new FeedState(good, heldBack, outcome, why, Optional.of(now));
    }

    /** A person has looked at what is held back, and accepts it: that one, and no other that came since. */
    public FeedState accepted(String digest, Instant now) {
        return heldBack.filter(held -> held.copy().digest().equals(digest))
                .map(held -> taken(held.copy(), now))
                .orElse(this);
    }

    /** Other rules: what is held back by the former may be taken by these. */
    public FeedState under(FeedRules rules, Instant now) {
        return heldBack.map(held -> said(held.copy(), rules, now))
                .map(next -> new FeedState(next.good, next.heldBack, next.outcome, next.detail, askedAt))
                .orElse(this);
    }

    /** Whether the publisher's last word is older than the rules let it count. */
    public boolean isStale(FeedRules rules, Instant now) {
        return good.isPresent()
                && rules.maxAge().isPresent()
                && good.get().age(now).compareTo(rules.maxAge().get()) > 0;
    }

    /** What rules see of the feed at this instant. */
    public Feeds.Content content(FeedRules rules, Instant now) {
        return good.<Feeds.Content>map(copy -> new Feeds.Had(
                        copy.addresses(), rules.whenStale() == FeedRules.WhenStale.REFUSE && isStale(rules, now)))
                .orElseGet(() -> new Feeds.Missing(
                        detail.isEmpty() ? "its publisher has not been asked yet" : outcome.wireName() + ": " + detail,
                        Feeds.Tolerance.NOWHERE));
    }
}
