package dev.postern.policy.bundle;

import dev.postern.fetch.Validators;
import dev.postern.fetch.client.Pace;
import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.load.DraftReader;
import dev.postern.policy.load.PolicySource;
import dev.postern.policy.load.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps a bundle, and asks for the next:
 *
 * <pre>
 *   asked ──► signed ──► read ──► held ──► in force ──► kept on disk
 *     │          │         │        │
 *     └──────────┴─────────┴────────┴─► trouble: the one in force stays
 * </pre>
 *
 * <p>What is held is good by itself; whether it is a good policy, the store finds, and only then it is kept on disk. Asking
 * is done by a worker: {@link #read} never waits for a server.
 */
public final class BundleKeeper implements PolicySource {

    private final BundleAsking asking;
    private final BundleFolder folder;
    private final Rules rules;
    private final DraftReader drafts;
    private final InstantSource clock;
    private final Executor worker;
    private final Consumer<String> copyTrouble;
    private final Pace pace;
    private final CountDownLatch firstAnswer = new CountDownLatch(1);

    private Optional<Held> held = Optional.empty();
    /** What {@link #read} gave last. */
    private Optional<Held> given = Optional.empty();
    /** The bundle of the policy in force, or of an earlier life. */
    private Optional<Held> good = Optional.empty();

    private Optional<String> trouble = Optional.empty();
    private boolean busy;

    /**
     * How a bundle is followed.
     *
     * @param refresh how often the server is asked
     * @param refuseOlder whether a bundle is refused whose newest entry is older than that of the good one
     */
    public record Rules(Duration refresh, boolean refuseOlder) {}

    private record Held(Bundle bundle, Optional<Instant> newest, List<Draft> drafts) {}

    /**
     * A keeper that begins with the copy on disk, if there is one that is good by what is asked for now.
     *
     * @param worker asks, one question at a time
     * @param copyTrouble told when the copy on disk cannot be used or written
     */
    public BundleKeeper(
            BundleAsking asking,
            BundleFolder folder,
            Rules rules,
            PolicyCompiler compiler,
            InstantSource clock,
            Executor worker,
            RandomGenerator random,
            Consumer<String> copyTrouble) {
        this.asking = asking;
        this.folder = folder;
        this.rules = rules;
        this.drafts = new DraftReader(compiler);
        this.clock = clock;
        this.worker = worker;
        this.copyTrouble = copyTrouble;
        this.pace = new Pace(random, clock.instant());
        this.held = copy();
        this.good = held;
    }

    private Optional<Held> copy() {
        try {
            folder.sweep(clock.instant());
        } catch (IOException e) {
            copyTrouble.accept("what an earlier life has left beside " + folder.file() + " cannot be removed ("
                    + e.getClass().getSimpleName() + ")");
        }
        return switch (folder.load()) {
            case BundleFolder.None none -> Optional.empty();
            case BundleFolder.Unusable unusable -> {
                copyTrouble.accept(unusable.why() + "; it is not used");
                yield Optional.empty();
            }
            case BundleFolder.Whole whole ->
                switch (asking.judged(whole.bundle())) {
                    case BundleAsking.Had had -> Optional.of(held(had));
                    case BundleAsking.Unchanged unchanged -> Optional.empty();
                    case BundleAsking.Failed failed -> {
                        copyTrouble.accept("the copy " + folder.file() + " " + failed.why() + "; it is not used");
                        yield Optional.empty();
                    }
                };
        };
    }

    private Held held(BundleAsking.Had had) {
        List<Draft> known = held.map(Held::drafts).orElse(List.of());
        return new Held(
                had.bundle(),
                had.contents().newest(),
                drafts.read(had.contents().documents(), known));
    }

    /** Whether there is a bundle, of this life or an earlier one. */
    public synchronized boolean isHeld() {
        return held.isPresent();
    }

    /** Asks where it is time to, by the worker. */
    public synchronized void tick() {
        if (!busy && pace.isDue(clock.instant())) {
            busy = true;
            worker.execute(this::ask);
        }
    }

    /** Waits for what comes of the first question, whatever that is. */
    public void awaitFirst(Duration most) throws InterruptedException {
        if (!firstAnswer.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
            note("has not answered within " + most.toMillis() + " ms");
        }
    }

    private void ask() {
        Optional<Held> before;
        synchronized (this) {
            before = held;
        }
        // Said of what is thrown past this, which must not be the last question either.
        Optional<String> failed = Optional.of("could not be asked for, or not read: see the log");
        try {
            failed = asked(before);
        } catch (IOException e) {
            failed = Optional.of(BundleAsking.unkept(e));
        } catch (RuntimeException e) {
            failed = Optional.of("cannot be read (" + e.getClass().getName() + ")");
        } finally {
            done(failed);
        }
    }

    private synchronized void done(Optional<String> failed) {
        Instant now = clock.instant();
        if (failed.isPresent()) {
            note(failed.get());
            pace.retry(rules.refresh(), now);
        } else {
            trouble = Optional.empty();
            pace.again(rules.refresh(), now);
        }
        busy = false;
        firstAnswer.countDown();
    }

    /** Asks, and holds what is good; what is not, it returns the reason of. */
    private Optional<String> asked(Optional<Held> before) throws IOException {
        Path file = folder.fetched();
        BundleAsking.Answer answer;
        try {
            answer = asking.ask(before.map(known -> known.bundle().validators()).orElse(Validators.NONE), file);
        } finally {
            Files.deleteIfExists(file);
        }
        return switch (answer) {
            case BundleAsking.Unchanged unchanged -> Optional.empty();
            case BundleAsking.Failed failed -> Optional.of(failed.why());
            case BundleAsking.Had had -> {
                Optional<String> older = older(had.contents());
                if (older.isEmpty()) {
                    Held next = before.filter(known -> Arrays.equals(
                                    known.bundle().bytes(), had.bundle().bytes()))
                            .map(known -> new Held(had.bundle(), known.newest(), known.drafts()))
                            .orElseGet(() -> held(had));
                    boolean inForceAlready;
                    synchronized (this) {
                        held = Optional.of(next);
                        inForceAlready = good.filter(known -> known.drafts().equals(next.drafts()))
                                .isPresent();
                    }
                    if (inForceAlready) {
                        keep(next);
                    }
                }
                yield older;
            }
        };
    }

    /** Why a bundle must not follow the good one, if so: somebody may offer an earlier one again, well signed as it is. */
    private synchronized Optional<String> older(BundleReader.Contents next) {
        if (!rules.refuseOlder()) {
            return Optional.empty();
        }
        if (next.newest().isEmpty()) {
            return Optional.of("has no times in it, and which of two is older cannot be told"
                    + " (postern.bundle.refuse-older); expected a .tar.gz");
        }
        return good.flatMap(Held::newest)
                .filter(next.newest().get()::isBefore)
                .map(known -> "is older than the one before: its newest entry is of "
                        + next.newest().get() + ", and was of " + known + " (postern.bundle.refuse-older)");
    }

    private synchronized void note(String why) {
        trouble = Optional.of(asking.question().name() + ": " + why);
    }

    @Override
    public synchronized Reading read(Instant now) throws Unreadable {
        given = held;
        if (held.isEmpty()) {
            throw new Unreadable(trouble.orElse(asking.question().name() + ": has not answered yet")
                    + "; there is no copy of it in use");
        }
        return new Reading(held.get().drafts(), trouble);
    }

    @Override
    public void inForce(List<Draft> drafts) {
        Optional<Held> taken;
        synchronized (this) {
            taken = given.filter(known -> known.drafts().equals(drafts));
        }
        taken.ifPresent(this::keep);
    }

    /** The copy is of the bundle that is known to be good, whether or not something was new in it. */
    private void keep(Held next) {
        // One after the other, so that the last that is good is the last that is written.
        synchronized (folder) {
            synchronized (this) {
                if (good.filter(known -> known.equals(next)).isPresent()) {
                    return;
                }
                good = Optional.of(next);
            }
            try {
                folder.save(next.bundle());
            } catch (IOException e) {
                copyTrouble.accept("the bundle cannot be kept in " + folder.file() + " ("
                        + e.getClass().getSimpleName()
                        + "); after a restart there will be none until the server answers");
            }
        }
    }
}
