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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The policy in force, and how it came to be.
 *
 * <p>The life of a policy:
 *
 * <pre>
 *   read ──► compiled ──► reviewed ──► in force ──► superseded
 *              │             │
 *              └─────────────┴─► rejected: the one in force stays
 * </pre>
 *
 * <p>What the feeds of a policy hold changes without its files: the policy in force is linked with it then, whatever the
 * files have become meanwhile. A policy with a feed that has never been had waits for it, and the one in force stays.
 */
public final class PolicyStore {

    private final PolicySource source;
    private final PolicyCompiler compiler;
    private final FeedFollower feeds;
    private final Review review;
    private final InstantSource clock;
    private final Consumer<Change> listener;

    private volatile State state = new State(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    /** The drafts that were looked at last; none when they are to be looked at afresh. */
    private List<Draft> seen = List.of();

    /** The drafts of the policy in force. */
    private List<Draft> good = List.of();
    /** What the policy in force was linked with, and what those that were seen last. */
    private Feeds linkedWith = Feeds.none();

    private Feeds seenWith = linkedWith;
    /** Whether what was seen last is good but for feeds that have never been had. */
    private boolean awaitsFeeds;
    /** Whether what was seen last compiles, and the review found an error in it: with other feeds it may not. */
    private boolean turnedBack;
    /** What is wrong with what was seen last. */
    private Optional<String> rejected = Optional.empty();
    /** Why what was seen last may not be what there is. */
    private Optional<String> trouble = Optional.empty();
    /** The feeds that the policy in force does without. */
    private Set<FeedId> without = Set.of();

    /**
     * What is known of the policy.
     *
     * @param inForce the policy that decides; empty until the first good one
     * @param since when it came into force
     * @param warnings what looks like a mistake in it
     * @param rejection what is wrong with the documents as they are now; empty when they are what is in force
     */
    public record State(
            Optional<Policy> inForce, Optional<Instant> since, List<Problem> warnings, Optional<String> rejection) {
        /** Keeps its own copy. */
        public State {
            warnings = List.copyOf(warnings);
        }
    }

    /** Something happened to the policy. */
    public sealed interface Change {}

    /**
     * A policy came into force.
     *
     * @param warnings what looks like a mistake in it
     */
    public record Loaded(Policy policy, List<Problem> warnings) implements Change {}

    /** What its feeds hold has changed: the policy in force has been linked with it. */
    public record Relinked(Policy policy) implements Change {}

    /** There was trouble, and it is over: what is in force is what there is. */
    public record Confirmed(Policy policy) implements Change {}

    /** What there is is bad, or cannot be had; what was in force stays so. */
    public record Rejected(String why) implements Change {}

    /** A store for the policy at this path, taken as it compiles; its zones follow no feeds. */
    public PolicyStore(Path path, PolicyCompiler compiler, InstantSource clock, Consumer<Change> listener) {
        this(path, compiler, (policy, now) -> List.of(), clock, listener);
    }

    /** A store for the policy at this path, whose zones follow no feeds. */
    public PolicyStore(
            Path path, PolicyCompiler compiler, Review review, InstantSource clock, Consumer<Change> listener) {
        this(path, compiler, FeedFollower.NOBODY, review, clock, listener);
    }

    /**
     * A store for the policy at this path.
     *
     * @param feeds who keeps the feeds that zones follow
     * @param review what must find no error before a policy is taken
     * @param listener told of each change, on the thread that refreshes
     */
    public PolicyStore(
            Path path,
            PolicyCompiler compiler,
            FeedFollower feeds,
            Review review,
            InstantSource clock,
            Consumer<Change> listener) {
        this(PolicySource.files(path, compiler), compiler, feeds, review, clock, listener);
    }

    /** A store for the policy of this source; the rest as for that at a path. */
    public PolicyStore(
            PolicySource source,
            PolicyCompiler compiler,
            FeedFollower feeds,
            Review review,
            InstantSource clock,
            Consumer<Change> listener) {
        this.source = source;
        this.feeds = feeds;
        this.review = review;
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
            PolicySource.Reading reading = source.read(clock.instant());
            List<Draft> read = reading.drafts();
            // A draft stays the same object as long as its document stays the same.
            if (!read.equals(seen) || (awaitsFeeds || turnedBack) && feeds.snapshot() != seenWith) {
                seen = read;
                take(read);
            }
            trouble = reading.trouble();
            say();
        } catch (Unreadable e) {
            // Whatever is there once it can be read again is looked at afresh.
            seen = List.of();
            awaitsFeeds = false;
            turnedBack = false;
            trouble = Optional.empty();
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
        PolicyCompiler.Outcome outcome = linkSeen(read);
        if (outcome instanceof PolicyCompiler.Rejected rejected && rejected.forFeedsOnly()) {
            // Those of the policy in force are followed as it says, until this one is.
            feeds.follow(union(PolicyCompiler.feeds(good), declared));
            outcome = linkSeen(read);
        }
        awaitsFeeds = outcome instanceof PolicyCompiler.Rejected rejected && rejected.forFeedsOnly();
        turnedBack = false;
        switch (outcome) {
            case PolicyCompiler.Compiled compiled -> take(read, declared, compiled.policy());
            case PolicyCompiler.Rejected rejected -> {
                if (!awaitsFeeds && !good.isEmpty()) {
                    feeds.follow(PolicyCompiler.feeds(good));
                }
                reject(text(rejected.problems()));
            }
        }
    }

    private void take(List<Draft> read, List<FeedDeclaration> declared, Policy policy) {
        Instant now = clock.instant();
        List<Problem> found = Stream.concat(
                        policy.warnings().stream(), review(read, policy, seenWith, without, now).stream())
                .sorted(Problem.BY_PLACE)
                .toList();
        if (found.stream().anyMatch(PolicyStore::isError)) {
            turnedBack = true;
            feeds.follow(union(PolicyCompiler.feeds(good), declared));
            reject(text(found));
            return;
        }
        good = read;
        linkedWith = seenWith;
        without = missing(declared, seenWith);
        rejected = Optional.empty();
        state = new State(Optional.of(policy), Optional.of(now), found, Optional.empty());
        // Told first: what is followed from now on may change at once.
        listener.accept(new Loaded(policy, found));
        feeds.follow(declared);
        source.inForce(read);
    }

    private PolicyCompiler.Outcome linkSeen(List<Draft> read) {
        seenWith = feeds.snapshot();
        return link(read, seenWith, without);
    }

    private PolicyCompiler.Outcome link(List<Draft> read, Feeds held, Set<FeedId> tolerated) {
        return compiler.link(read, held.tolerating(tolerated));
    }

    /**
     * What the review finds. It is of what publishers said last, whenever that was: a publisher's silence is no fault of
     * the policy, and what follows of it is what the policy says ({@code when-stale}).
     */
    private List<Problem> review(List<Draft> read, Policy policy, Feeds held, Set<FeedId> tolerated, Instant now) {
        Feeds fresh = held.fresh();
        if (fresh == held) {
            return review.of(policy, now);
        }
        return switch (link(read, fresh, tolerated)) {
            case PolicyCompiler.Compiled compiled -> review.of(compiled.policy(), now);
            case PolicyCompiler.Rejected rejected -> rejected.problems();
        };
    }

    /**
     * Why the policy in force must not be linked with feeds that hold this, if so: it would be broken, where it is not with
     * what they hold now. Before there is one, that which is to be the first is looked at.
     */
    public synchronized Optional<String> objection(Feeds next) {
        Instant now = clock.instant();
        List<Draft> looked = good.isEmpty() ? seen : good;
        Set<String> errors = errors(looked, next, now);
        if (!errors.isEmpty()) {
            errors.removeAll(errors(looked, good.isEmpty() ? feeds.snapshot() : linkedWith, now));
        }
        return errors.stream()
                .findFirst()
                .map(first -> "the policy would be broken by it: " + first
                        + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : ""));
    }

    private Set<String> errors(List<Draft> looked, Feeds held, Instant now) {
        Set<FeedId> tolerated = missing(PolicyCompiler.feeds(looked), held);
        return switch (link(looked, held, tolerated)) {
            case PolicyCompiler.Compiled compiled ->
                review(looked, compiled.policy(), held, tolerated, now).stream()
                        .filter(PolicyStore::isError)
                        .sorted(Problem.BY_PLACE)
                        .map(Problem::toString)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
            // It is broken whatever this feed holds, or lacks others: there is nothing that could be laid to this one.
            case PolicyCompiler.Rejected rejected -> Set.of();
        };
    }

    /** The policy in force, with what its feeds hold now: {@link #objection} had its say before they did. */
    private void relink() {
        Feeds now = feeds.snapshot();
        if (now == linkedWith || good.isEmpty()) {
            return;
        }
        Feeds before = linkedWith;
        linkedWith = now;
        if (PolicyCompiler.feeds(good).stream()
                .allMatch(feed -> now.of(feed.id()).equals(before.of(feed.id())))) {
            // What has changed is for a policy that is not in force.
            return;
        }
        switch (link(good, now, without)) {
            case PolicyCompiler.Compiled compiled -> {
                without = missing(PolicyCompiler.feeds(good), now);
                state = new State(
                        Optional.of(compiled.policy()), state.since(), warnings(compiled.policy()), state.rejection());
                listener.accept(new Relinked(compiled.policy()));
            }
            case PolicyCompiler.Rejected rejected -> reject(text(rejected.problems()));
        }
    }

    /** What the review has found stays as it was; what is to be said of feeds may be otherwise now. */
    private List<Problem> warnings(Policy next) {
        List<Problem> former = state.inForce().map(Policy::warnings).orElse(List.of());
        return Stream.concat(
                        next.warnings().stream(),
                        state.warnings().stream().filter(problem -> !former.contains(problem)))
                .sorted(Problem.BY_PLACE)
                .toList();
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

    private static boolean isError(Problem problem) {
        return problem.severity() == Problem.Severity.ERROR;
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    private void reject(String why) {
        rejected = Optional.of(why);
        say();
    }

    /** Says what is wrong, where it is something else than before. */
    private void say() {
        Optional<String> why = trouble.or(() -> rejected);
        if (state.rejection().equals(why)) {
            return;
        }
        state = new State(state.inForce(), state.since(), state.warnings(), why);
        why.<Change>map(Rejected::new)
                .or(() -> state.inForce().map(Confirmed::new))
                .ifPresent(listener);
    }
}
