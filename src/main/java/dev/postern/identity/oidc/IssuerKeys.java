package dev.postern.identity.oidc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The keys of one issuer: asked for now and then, and when a token names a key that is not among them.
 *
 * <p>Such a token waits for an answer that was asked for after it came, so that a key of which the issuer began to use just
 * now is not refused; and all such tokens wait for one, so that nobody can make Postern ask more often than its pace by
 * naming keys that there are not. While the issuer does not answer, the keys at hand are good until they are too old;
 * what needs others cannot be judged, and is told so at once.
 */
final class IssuerKeys {

    /** More tokens than these do not wait: they cannot be judged just now. */
    private static final int MOST_WAITING = 1000;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 4;

    /** Asks the issuer; takes its time, and no longer than its limits say. */
    interface Source {
        /** What the issuer answers. */
        Answered ask();
    }

    /** What the issuer answers. */
    sealed interface Answered {}

    /** Its keys. */
    record Keys(KeySet keys) implements Answered {}

    /** Nothing of use; {@code why} is for the log and the audit. */
    record Silent(String why) implements Answered {}

    /** Whether the issuer has a key. */
    sealed interface Found {}

    /** It has: it is among these. */
    record Has(KeySet keys) implements Found {}

    /** It has not. */
    record Lacks() implements Found {}

    /** It cannot be known. */
    record Unknown(String why) implements Found {}

    private record Held(KeySet keys, Instant at) {}

    private static final class Waiting {
        private final String keyId;
        private final CompletableFuture<Found> found = new CompletableFuture<>();
        /** Whether a question is under way that was asked after it came. */
        private boolean asked;

        Waiting(String keyId) {
            this.keyId = keyId;
        }
    }

    private final Source source;
    private final KeyPace pace;
    private final Executor askers;

    /** Written under the lock. */
    private volatile Optional<Held> held = Optional.empty();

    private final List<Waiting> waiting = new ArrayList<>();
    private boolean asking;
    private Instant notBefore = Instant.MIN;
    private int failures;
    private Optional<String> trouble = Optional.empty();

    /**
     * Keys that are asked for when they are first needed, or at the first {@linkplain #tick tick}.
     *
     * @param askers where questions wait for their answers
     */
    IssuerKeys(Source source, KeyPace pace, Executor askers) {
        this.source = source;
        this.pace = pace;
        this.askers = askers;
    }

    /** The keys, where one of them is that of this id. */
    CompletableFuture<Found> withKey(String keyId, Instant now) {
        Waiting one;
        boolean ask;
        synchronized (this) {
            Optional<KeySet> usable = usable(now);
            if (usable.isPresent() && usable.get().has(keyId)) {
                return CompletableFuture.completedFuture(new Has(usable.get()));
            }
            if (trouble.isPresent() && now.isBefore(notBefore)) {
                return CompletableFuture.completedFuture(new Unknown(trouble.get()));
            }
            if (waiting.size() >= MOST_WAITING) {
                return CompletableFuture.completedFuture(new Unknown("too many tokens wait for the issuer's keys"));
            }
            one = new Waiting(keyId);
            waiting.add(one);
            ask = begin(now);
        }
        askIf(ask, now);
        return one.found;
    }

    /** Asks where it is time to: once a second or so is often enough. */
    void tick(Instant now) {
        boolean ask;
        synchronized (this) {
            boolean due = held.map(keys -> !now.isBefore(keys.at().plus(pace.refresh())))
                    .orElse(true);
            ask = (due || !waiting.isEmpty()) && begin(now);
        }
        askIf(ask, now);
    }

    /** The keys that are good now, whichever they are: the same object while they are the same answer. */
    Optional<KeySet> atHand(Instant now) {
        return usable(now);
    }

    /** When the keys at hand were asked for; empty where there are none. */
    Optional<Instant> since() {
        return held.map(Held::at);
    }

    /** Why the issuer's last answer was of no use; empty where it was. */
    synchronized Optional<String> trouble() {
        return trouble;
    }

    private Optional<KeySet> usable(Instant now) {
        return held.filter(keys -> now.isBefore(keys.at().plus(pace.oldest()))).map(Held::keys);
    }

    private boolean begin(Instant now) {
        if (asking || now.isBefore(notBefore)) {
            return false;
        }
        asking = true;
        waiting.forEach(one -> one.asked = true);
        return true;
    }

    private void askIf(boolean ask, Instant now) {
        if (ask) {
            askers.execute(() -> {
                Answered answered = answer(source::ask);
                settle(answered, now).forEach(Runnable::run);
            });
        }
    }

    /** Whatever goes wrong, those who wait are told. */
    private static Answered answer(Supplier<Answered> source) {
        try {
            return source.get();
        } catch (RuntimeException e) {
            return new Silent("its keys cannot be asked for (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** What those who wait are told; outside of the lock, for they go on from there. */
    private synchronized List<Runnable> settle(Answered answered, Instant asked) {
        asking = false;
        List<Runnable> told = new ArrayList<>();
        switch (answered) {
            case Keys keys -> {
                held = Optional.of(new Held(keys.keys(), asked));
                failures = 0;
                trouble = Optional.empty();
                notBefore = asked.plus(pace.between());
            }
            case Silent silent -> {
                trouble = Optional.of(silent.why());
                Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS));
                notBefore = asked.plus(wait.compareTo(pace.between()) < 0 ? pace.between() : wait);
            }
        }
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            Optional<Found> found = switch (answered) {
                case Keys keys when keys.keys().has(one.keyId) -> Optional.of(new Has(keys.keys()));
                case Keys keys -> one.asked ? Optional.of(new Lacks()) : Optional.empty();
                case Silent silent -> Optional.of(new Unknown(silent.why()));
            };
            if (found.isPresent()) {
                all.remove();
                told.add(() -> one.found.complete(found.get()));
            }
        }
        return told;
    }
}
