package dev.postern.policy.load;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedFollower;
import dev.postern.feed.FeedId;
import dev.postern.feed.Feeds;
import dev.postern.policy.Draft;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The policy in force, and how it came to be.
 *
 * <p>The life of a policy:
 *
 * <pre>
 *   read ──► compiled ──► in force ──► superseded
 *              │
 *              └─► rejected: the one in force stays
 * </pre>
 *
 * <p>What the feeds of a policy hold changes without its files: the policy in force is linked with it then, whatever the
 * files have become meanwhile. A policy with a feed that has never been had waits for it, and the one in force stays.
 */
public final class PolicyStore {

    private final Drafts drafts;
    private final PolicyCompiler compiler;
    private final FeedFollower feeds;
    private final InstantSource clock;
    private final Consumer<Change> listener;

    private volatile State state = new State(Optional.empty(), Optional.empty(), Optional.empty());
    /** The drafts that were looked at last; none when they are to be looked at afresh. */
    private List<Draft> seen = List.of();

    /** The drafts of the policy in force. */
    private List<Draft> good = List.of();
    /** What the policy in force was linked with, and what those that were seen last. */
    private Feeds linkedWith = Feeds.none();

    private Feeds seenWith = linkedWith;
    /** Whether what was seen last is good but for feeds that have never been had. */
    private boolean awaitsFeeds;
    /** The feeds that the policy in force does without. */
    private Set<FeedId> without = Set.of();

    /**
     * What is known of the policy.
     *
     * @param inForce the policy that decides; empty until the first good one
     * @param since when it came into force
     * @param rejection what is wrong with the files as they are now; empty when they are what is in force
     */
    public record State(Optional<Policy> inForce, Optional<Instant> since, Optional<String> rejection) {}

    /** Something happened to the policy. */
    public sealed interface Change {}

    /** A policy came into force. */
    public record Loaded(Policy policy) implements Change {}

    /** What its feeds hold has changed: the policy in force has been linked with it. */
    public record Relinked(Policy policy) implements Change {}

    /** The files are bad; what was in force stays so. */
    public record Rejected(String why) implements Change {}

    /** A store for the policy at this path, whose zones follow no feeds. */
    public PolicyStore(Path path, PolicyCompiler compiler, InstantSource clock, Consumer<Change> listener) {
        this(path, compiler, FeedFollower.NOBODY, clock, listener);
    }

    /**
     * A store for the policy at this path.
     *
     * @param feeds who keeps the feeds that zones follow
     * @param listener told of each change, on the thread that refreshes
     */
    public PolicyStore(
            Path path, PolicyCompiler compiler, FeedFollower feeds, InstantSource clock, Consumer<Change> listener) {
        this.feeds = feeds;
        this.drafts = new Drafts(new PolicyFiles(path), compiler);
        this.compiler = compiler;
        this.clock = clock;
        this.listener = listener;
    }

    /** The policy in force and its state, for this instant: ask once per request. */
    public State state() {
        return state;
    }

    /** Looks at the files and the feeds, and takes them if they have changed and are good. Never fails. */
    public synchronized void refresh() {
        try {
            List<Draft> read = drafts.read(clock.instant());
            // A draft stays the same object as long as its document stays the same.
            if (!read.equals(seen) || awaitsFeeds && feeds.snapshot() != seenWith) {
                seen = read;
                take(read);
            }
        } catch (PolicyFiles.Unreadable e) {
            // Whatever is there once it can be read again is looked at afresh.
            seen = List.of();
            awaitsFeeds = false;
            reject(e.why());
        }
        relink();
    }

    /** Whether there is a policy that is good but for feeds that have never been had. */
    public synchronized boolean awaitsFeeds() {
        return awaitsFeeds;
    }

    /**
     * Takes a policy that waits for feeds without them, where only allow lists name them: until they are had, these match
     * nobody. For a start, when there is no better policy to stay with.
     */
    public synchronized void doWithoutFeeds() {
        if (awaitsFeeds) {
            without = missing(PolicyCompiler.feeds(seen), feeds.snapshot());
            take(seen);
        }
    }

    private void take(List<Draft> read) {
        List<FeedDeclaration> declared = PolicyCompiler.feeds(read);
        PolicyCompiler.Outcome outcome = link(read);
        if (outcome instanceof PolicyCompiler.Rejected rejected && rejected.forFeedsOnly()) {
            // Those of the policy in force are followed as it says, until this one is.
            feeds.follow(union(PolicyCompiler.feeds(good), declared));
            outcome = link(read);
        }
        awaitsFeeds = outcome instanceof PolicyCompiler.Rejected rejected && rejected.forFeedsOnly();
        switch (outcome) {
            case PolicyCompiler.Compiled compiled -> {
                good = read;
                linkedWith = seenWith;
                without = missing(declared, seenWith);
                state = new State(Optional.of(compiled.policy()), Optional.of(clock.instant()), Optional.empty());
                feeds.follow(declared);
                listener.accept(new Loaded(compiled.policy()));
            }
            case PolicyCompiler.Rejected rejected -> {
                if (!awaitsFeeds && !good.isEmpty()) {
                    feeds.follow(PolicyCompiler.feeds(good));
                }
                reject(text(rejected));
            }
        }
    }

    private PolicyCompiler.Outcome link(List<Draft> read) {
        seenWith = feeds.snapshot();
        return compiler.link(read, seenWith.tolerating(without));
    }

    /** The policy in force, with what its feeds hold now. */
    private void relink() {
        Feeds now = feeds.snapshot();
        if (now == linkedWith || good.isEmpty()) {
            return;
        }
        linkedWith = now;
        switch (compiler.link(good, now.tolerating(without))) {
            case PolicyCompiler.Compiled compiled -> {
                without = missing(PolicyCompiler.feeds(good), now);
                state = new State(Optional.of(compiled.policy()), state.since(), state.rejection());
                listener.accept(new Relinked(compiled.policy()));
            }
            case PolicyCompiler.Rejected rejected -> reject(text(rejected));
        }
    }

    private static List<FeedDeclaration> union(List<FeedDeclaration> first, List<FeedDeclaration> second) {
        Map<FeedId, FeedDeclaration> union = new LinkedHashMap<>();
        first.forEach(feed -> union.put(feed.id(), feed));
        second.forEach(feed -> union.putIfAbsent(feed.id(), feed));
        return List.copyOf(union.values());
    }

    private static Set<FeedId> missing(List<FeedDeclaration> feeds, Feeds held) {
        return feeds.stream()
                .map(FeedDeclaration::id)
                .filter(id -> held.of(id) instanceof Feeds.Missing)
                .collect(Collectors.toSet());
    }

    private static String text(PolicyCompiler.Rejected rejected) {
        return rejected.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    private void reject(String why) {
        boolean sameAsBefore = state.rejection().equals(Optional.of(why));
        state = new State(state.inForce(), state.since(), Optional.of(why));
        if (!sameAsBefore) {
            listener.accept(new Rejected(why));
        }
    }
}
