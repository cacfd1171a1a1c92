package dev.postern.identity;

import dev.postern.policy.BcryptHash;
import dev.postern.throttle.Standing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Few workers for bcrypt: half the processors, so that passwords never starve tokens. Who is known at a place goes first, and
 * each standing has room to wait of its own, so that strangers' guesses take nobody else's. Nobody waits long.
 */
public final class BcryptWorkers implements PasswordChecks, AutoCloseable {

    /** So many wait of each standing. */
    static final int ROOM = 128;

    private final ThreadPoolExecutor workers;
    private final Duration longestWait;
    private final AtomicLong numbers = new AtomicLong();
    private final LongAdder overloads = new LongAdder();
    private final AtomicInteger[] waiting =
            Stream.generate(AtomicInteger::new).limit(Standing.values().length).toArray(AtomicInteger[]::new);

    /**
     * Starts no thread before the first check.
     *
     * @param longestWait a check whose turn has not come by then is not made
     */
    public BcryptWorkers(Duration longestWait) {
        this.longestWait = longestWait;
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.workers = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), runnable -> {
                    Thread thread = new Thread(runnable, "postern-bcrypt");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<Finding> check(Check check) {
        Job job = new Job(check, numbers.incrementAndGet());
        AtomicInteger room = waiting[check.standing().ordinal()];
        if (room.incrementAndGet() > ROOM) {
            room.decrementAndGet();
            overloads.increment();
            return CompletableFuture.completedFuture(Finding.OVERLOADED);
        }
        try {
            workers.execute(job);
            job.waitNoLongerThan(longestWait);
        } catch (RejectedExecutionException closed) {
            job.drop();
        }
        return job.finding;
    }

    /** How many checks wait for their turn, for those who stand so. */
    public int waiting(Standing standing) {
        return waiting[standing.ordinal()].get();
    }

    /** How many checks were not made, for want of room or because their turn did not come in time. */
    public long overloads() {
        return overloads.sum();
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    private static boolean matches(Check check) {
        if (OpenBSDBCrypt.checkPassword(check.hash(), check.password().toCharArray())) {
            return true;
        }
        // Costs are powers of two: those from the hash's to the one below make up the difference.
        for (int cost = BcryptHash.cost(check.hash()); cost < check.costIfWrong(); cost++) {
            if (OpenBSDBCrypt.checkPassword(
                    BcryptHash.ofNobody(cost), check.password().toCharArray())) {
                return false;
            }
        }
        return false;
    }

    /** A check in the queue: made or dropped, whichever is first. */
    private final class Job implements Runnable, Comparable<Job> {
        private final Check check;
        private final long number;
        private final CompletableFuture<Finding> finding = new CompletableFuture<>();
        private final CompletableFuture<Boolean> patience = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();

        Job(Check check, long number) {
            this.check = check;
            this.number = number;
        }

        void waitNoLongerThan(Duration time) {
            CompletableFuture<Void> unused = patience.completeOnTimeout(true, time.toMillis(), TimeUnit.MILLISECONDS)
                    .thenRunAsync(this::drop);
        }

        private boolean take() {
            if (!taken.compareAndSet(false, true)) {
                return false;
            }
            waiting[check.standing().ordinal()].decrementAndGet();
            patience.cancel(false);
            return true;
        }

        @Override
        public void run() {
            if (!take()) {
                return;
            }
            try {
                finding.complete(
                        !check.wanted().getAsBoolean()
                                ? Finding.NOT_WANTED
                                : matches(check) ? Finding.MATCHES : Finding.DIFFERS);
            } catch (RuntimeException e) {
                finding.completeExceptionally(e);
            }
        }

        void drop() {
            if (take()) {
                workers.remove(this);
                overloads.increment();
                finding.complete(Finding.OVERLOADED);
            }
        }

        @Override
        public int compareTo(Job other) {
            int byStanding = check.standing().compareTo(other.check.standing());
            return byStanding != 0 ? byStanding : Long.compare(number, other.number);
        }
    }
}
