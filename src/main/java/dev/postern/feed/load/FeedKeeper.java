package dev.postern.feed.load;

import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedFollower;
import dev.postern.feed.FeedId;
import dev.postern.feed.FeedReview;
import dev.postern.feed.FeedRules;
import dev.postern.feed.FeedState;
import dev.postern.feed.Feeds;
import dev.postern.fetch.Validators;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Keeps what feeds hold.
 *
 * <p>Zones that follow the same place are one question to its publisher. Questions are asked by the workers, one at a time
 * for a place; {@link #tick} says which are due, and never waits for an answer. What is known changes under the lock of
 * this object, which is not held while copies are read or written, or while anything is fetched.
 */
public final class FeedKeeper implements FeedFollower {

    private final FeedFolder folder;
    private final Asking asking;
    private final InstantSource clock;
    private final Executor workers;
    private final RandomGenerator random;
    private final Consumer<FeedEvent> listener;

    private final Map<FeedId, Followed> followed = new LinkedHashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Object disk = new Object();
    private volatile Feeds snapshot = Feeds.none();
    private volatile FeedReview review = FeedReview.NONE;
    private Map<FeedId, Feeds.Content> contents = Map.of();
    private boolean swept;

    /**
     * A keeper that follows nothing yet.
     *
     * @param workers where publishers are asked; they may wait there
     * @param random by which the times are spread
     * @param listener told of each change, on the thread that makes it
     */
    public FeedKeeper(
            FeedFolder folder,
            Asking asking,
            InstantSource clock,
            Executor workers,
            RandomGenerator random,
            Consumer<FeedEvent> listener) {
        this.folder = folder;
        this.asking = asking;
        this.clock = clock;
        this.workers = workers;
        this.random = random;
        this.listener = listener;
    }

    /** From now on, nothing is taken to which this objects. It is asked while no lock of this object is held. */
    public void reviewedBy(FeedReview reviewer) {
        review = reviewer;
    }

    @Override
    public Feeds snapshot() {
        return snapshot;
    }

    /** Begins with the copies on disk of those that are new, and asks for them at once. */
    @Override
    public void follow(Collection<FeedDeclaration> feeds) {
        Instant now = clock.instant();
        Map<FeedId, Followed> fresh = new HashMap<>();
        for (FeedDeclaration feed : feeds) {
            if (!isFollowed(feed.id())) {
                FeedState kept = folder.load(feed, now, this::trouble);
                fresh.put(feed.id(), new Followed(feed, kept, kept));
            }
        }
        Map<FeedId, FeedRules> changed = new LinkedHashMap<>();
        synchronized (this) {
            Map<FeedId, Followed> before = new HashMap<>(followed);
            before.putAll(fresh);
            followed.clear();
            for (FeedDeclaration feed : feeds) {
                Followed known = before.getOrDefault(feed.id(), new Followed(feed, FeedState.EMPTY, FeedState.EMPTY));
                followed.put(feed.id(), known.with(feed));
                if (fresh.containsKey(feed.id()) || !known.feed().equals(feed)) {
                    changed.put(feed.id(), feed.rules());
                    places.computeIfAbsent(feed.location().exact(), exact -> new Place(feed.location(), random, now))
                            .hurry(now);
                }
            }
            Set<String> inUse = new LinkedHashSet<>();
            feeds.forEach(feed -> inUse.add(feed.location().exact()));
            places.keySet().retainAll(inUse);
            publish(now);
        }
        // Another policy may let in what the former held back.
        followedAndHeldBack().forEach(feed -> changed.put(feed.id(), feed.rules()));
        changed.forEach((id, rules) -> change(id, state -> state.under(rules, now)));
        if (!feeds.isEmpty()) {
            sweepOnce(now);
        }
        tick();
    }

    private synchronized List<FeedDeclaration> followedAndHeldBack() {
        return followed.values().stream()
                .filter(each -> each.state().heldBack().isPresent())
                .map(Followed::feed)
                .toList();
    }

    private synchronized boolean isFollowed(FeedId id) {
        return followed.containsKey(id);
    }

    private void sweepOnce(Instant now) {
        Set<FeedId> named;
        synchronized (this) {
            if (swept) {
                return;
            }
            swept = true;
            named = Set.copyOf(followed.keySet());
        }
        try {
            folder.sweep(named, now);
        } catch (IOException e) {
            trouble("old copies cannot be deleted (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Looks at the clock, at the files and at what persons have accepted; has those asked whom it is time to ask. */
    public void tick() {
        takeAccepted();
        Instant now = clock.instant();
        List<Place> due;
        synchronized (this) {
            due = places.values().stream().filter(place -> place.begin(now)).toList();
            publish(now);
        }
        due.forEach(place -> workers.execute(() -> ask(place)));
    }

    private void takeAccepted() {
        for (FeedStatus each : statuses()) {
            FeedDeclaration feed = each.feed();
            try {
                Optional<String> digest = folder.accepted(feed.id());
                if (digest.isPresent() && !change(feed.id(), state -> state.accepted(digest.get(), clock.instant()))) {
                    trouble(
                            "zone '" + feed.zone()
                                    + "': what was accepted is not what is held back now; look at it again (postern feed diff)");
                } else if (digest.isPresent()) {
                    followed(feed.id())
                            .flatMap(known -> known.state().heldBack())
                            .ifPresent(held -> trouble("zone '" + feed.zone()
                                    + "': what was accepted is held back all the same: " + held.why()));
                }
            } catch (IOException e) {
                trouble("what was accepted for zone '" + feed.zone() + "' cannot be read ("
                        + e.getClass().getSimpleName() + ")");
            }
        }
    }

    private void ask(Place place) {
        List<FeedDeclaration> asked = feedsAt(place);
        boolean good = false;
        try {
            Map<FeedId, Finding> findings = asking.ask(place.location(), asked, commonValidators(asked));
            for (FeedDeclaration feed : asked) {
                Optional.ofNullable(findings.get(feed.id()))
                        .ifPresent(finding ->
                                change(feed.id(), state -> finding.after(state, feed.rules(), clock.instant())));
            }
            good = findings.values().stream().noneMatch(Finding.Failed.class::isInstance);
        } finally {
            done(place, asked, good);
        }
    }

    private synchronized List<FeedDeclaration> feedsAt(Place place) {
        return followed.values().stream()
                .map(Followed::feed)
                .filter(feed -> feed.location().exact().equals(place.location().exact()))
                .toList();
    }

    /** What all good copies were known by: where they differ, or one has none, the publisher must say all again. */
    private synchronized Validators commonValidators(List<FeedDeclaration> asked) {
        Set<Validators> known = new LinkedHashSet<>();
        for (FeedDeclaration feed : asked) {
            known.add(Optional.ofNullable(followed.get(feed.id()))
                    .flatMap(each -> each.state().good())
                    .map(FeedCopy::validators)
                    .orElse(Validators.NONE));
        }
        return known.size() == 1 ? known.iterator().next() : Validators.NONE;
    }

    private synchronized void done(Place place, List<FeedDeclaration> asked, boolean good) {
        Instant now = clock.instant();
        Duration refresh = asked.stream()
                .map(feed -> feed.rules().refresh())
                .min(Duration::compareTo)
                .orElse(FeedRules.LEAST_REFRESH);
        place.done(good, refresh, now);
        if (!asked.equals(feedsAt(place))) {
            // The policy has changed meanwhile: somebody may still wait for the first answer.
            place.hurry(now);
        }
        publish(now);
        notifyAll();
    }

    /** Changes what is known of a feed, then tells, then keeps it on disk; returns whether it is otherwise now. */
    private boolean change(FeedId id, UnaryOperator<FeedState> change) {
        while (true) {
            Optional<Followed> known = followed(id);
            if (known.isEmpty()) {
                return false;
            }
            Feeds held = snapshot;
            FeedState before = known.get().state();
            FeedState after = change.apply(before).reviewed(before, id, held, review);
            if (replaced(id, known.get(), after, held)) {
                if (after.equals(before)) {
                    return false;
                }
                listener.accept(new FeedEvent.Asked(known.get().feed(), before, after));
                save(id);
                return true;
            }
        }
    }

    /** Takes the next state, unless it was found in view of what is no longer so: then it has to be found afresh. */
    private synchronized boolean replaced(FeedId id, Followed known, FeedState after, Feeds held) {
        if (followed.get(id) != known || snapshot != held) {
            return false;
        }
        followed.put(id, known.with(after));
        publish(clock.instant());
        return true;
    }

    private void save(FeedId id) {
        synchronized (disk) {
            Optional<Followed> unsaved = followed(id).filter(Followed::isWorthSaving);
            if (unsaved.isEmpty()) {
                return;
            }
            Followed each = unsaved.get();
            try {
                folder.save(each.feed(), each.state());
                saved(id, each.state());
            } catch (IOException e) {
                trouble("the copy of zone '" + each.feed().zone() + "' cannot be kept on disk ("
                        + e.getClass().getSimpleName() + "); it is in force, and lost at a restart");
            }
        }
    }

    private synchronized Optional<Followed> followed(FeedId id) {
        return Optional.ofNullable(followed.get(id));
    }

    private synchronized void saved(FeedId id, FeedState state) {
        followed.computeIfPresent(id, (same, each) -> each.saved(state));
    }

    /** Makes another snapshot where a policy would see a difference. */
    private void publish(Instant now) {
        Map<FeedId, Feeds.Content> fresh = new LinkedHashMap<>();
        followed.forEach(
                (id, each) -> fresh.put(id, each.state().content(each.feed().rules(), now)));
        if (!fresh.equals(contents)) {
            contents = fresh;
            snapshot = Feeds.of(fresh);
        }
    }

    private void trouble(String why) {
        listener.accept(new FeedEvent.CopyTrouble(why));
    }

    /** Waits until every feed has been had, or has been asked for and is of no use, but no longer than this. */
    public void awaitFirst(Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (waitsOn(deadline)) {
            // What failed is due again soon: somebody has to look at the clock.
            tick();
        }
    }

    private synchronized boolean waitsOn(long deadline) throws InterruptedException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0 || followed.values().stream().noneMatch(Followed::isAwaited)) {
            return false;
        }
        wait(Math.min(left, 200));
        return true;
    }

    /** All feeds that are followed, as they are now, in the order of the policy. */
    public synchronized List<FeedStatus> statuses() {
        Instant now = clock.instant();
        List<FeedStatus> statuses = new ArrayList<>();
        followed.values()
                .forEach(each -> statuses.add(new FeedStatus(
                        each.feed(),
                        each.state(),
                        each.state().isStale(each.feed().rules(), now))));
        return statuses;
    }
}
