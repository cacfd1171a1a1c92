package dev.postern.policy.load;

import dev.postern.policy.Draft;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
 */
public final class PolicyStore {

    private final Drafts drafts;
    private final PolicyCompiler compiler;
    private final Review review;
    private final InstantSource clock;
    private final Consumer<Change> listener;

    private volatile State state = new State(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    /** The drafts that were looked at last; none when they are to be looked at afresh. */
    private List<Draft> seen = List.of();

    /**
     * What is known of the policy.
     *
     * @param inForce the policy that decides; empty until the first good one
     * @param since when it came into force
     * @param warnings what looks like a mistake in it
     * @param rejection what is wrong with the files as they are now; empty when they are what is in force
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

    /** The files are bad; what was in force stays so. */
    public record Rejected(String why) implements Change {}

    /**
     * A store for the policy at this path, taken as it compiles.
     *
     * @param listener told of each change, on the thread that refreshes
     */
    public PolicyStore(Path path, PolicyCompiler compiler, InstantSource clock, Consumer<Change> listener) {
        this(path, compiler, (policy, now) -> List.of(), clock, listener);
    }

    /**
     * A store for the policy at this path.
     *
     * @param review what must find no error before a policy is taken
     * @param listener told of each change, on the thread that refreshes
     */
    public PolicyStore(
            Path path, PolicyCompiler compiler, Review review, InstantSource clock, Consumer<Change> listener) {
        this.review = review;
        this.drafts = new Drafts(new PolicyFiles(path), compiler);
        this.compiler = compiler;
        this.clock = clock;
        this.listener = listener;
    }

    /** The policy in force and its state, for this instant: ask once per request. */
    public State state() {
        return state;
    }

    /** Looks at the files, and takes them if they have changed and are good. Never fails. */
    public synchronized void refresh() {
        try {
            List<Draft> read = drafts.read(clock.instant());
            // A draft stays the same object as long as its document stays the same.
            if (!read.equals(seen)) {
                seen = read;
                take(compiler.link(read));
            }
        } catch (PolicyFiles.Unreadable e) {
            // Whatever is there once it can be read again is looked at afresh.
            seen = List.of();
            reject(e.why());
        }
    }

    private void take(PolicyCompiler.Outcome outcome) {
        switch (outcome) {
            case PolicyCompiler.Compiled compiled -> take(compiled.policy());
            case PolicyCompiler.Rejected rejected -> reject(text(rejected.problems()));
        }
    }

    private void take(Policy policy) {
        Instant now = clock.instant();
        List<Problem> found = Stream.concat(policy.warnings().stream(), review.of(policy, now).stream())
                .sorted(Problem.BY_PLACE)
                .toList();
        if (found.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR)) {
            reject(text(found));
            return;
        }
        state = new State(Optional.of(policy), Optional.of(now), found, Optional.empty());
        listener.accept(new Loaded(policy, found));
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    private void reject(String why) {
        boolean sameAsBefore = state.rejection().equals(Optional.of(why));
        state = new State(state.inForce(), state.since(), state.warnings(), Optional.of(why));
        if (!sameAsBefore) {
            listener.accept(new Rejected(why));
        }
    }
}
