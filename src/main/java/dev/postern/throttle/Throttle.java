package dev.postern.throttle;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts failures, and says how long a guess has to wait. Safe for use by several threads. What it counts it tells, and what
 * other replicas have counted it learns: see {@link Mark}.
 */
public final class Throttle {

    /** How long a place stays familiar after a name has signed in from there. */
    public static final Duration FAMILIAR_FOR = Duration.ofHours(24);

    private static final int WAYS = 8;
    private static final int SOURCE_SETS = 4096;
    private static final int NAME_SETS = 2048;

    /** So many sources are told apart. */
    public static final int MOST_SOURCES = SOURCE_SETS * WAYS;

    /** And so many names. */
    public static final int MOST_NAMES = NAME_SETS * WAYS;

    /** So many places of a name are familiar, which it may have to share with the places of another. */
    private static final int PLACES = 16;

    private final Keys keys;
    private final Rate perSource;
    private final Rate perSubject;
    private final Slots sources = new Slots(SOURCE_SETS, WAYS);
    private final Slots names = new Slots(NAME_SETS, WAYS);
    private final Slots places = new Slots(NAME_SETS / 2, PLACES);
    private final Slots familiar = new Slots(NAME_SETS / 2, PLACES);
    private final Consumer<Mark> others;
    private final LongAdder failures = new LongAdder();

    /** A throttle that has seen nothing yet, and tells nobody. */
    public Throttle(Limits limits, byte[] secret) {
        this(limits, secret, mark -> {});
    }

    /**
     * A throttle that has seen nothing yet.
     *
     * @param secret under which names and places are remembered: random, and nobody else's
     * @param others who is told what is counted here; must not block
     */
    public Throttle(Limits limits, byte[] secret, Consumer<Mark> others) {
        this.keys = new Keys(secret);
        this.perSource = new Rate(limits.window(), limits.perSource());
        this.perSubject = new Rate(limits.window(), limits.perSubject());
        this.others = others;
    }

    /** What another replica has counted counts here, too. */
    public void learn(Mark mark, Instant at) {
        switch (mark.kind()) {
            case PLACE -> fail(sources, perSource, mark, at);
            case NAME -> fail(names, perSubject, mark, at);
            case FAMILIAR_PLACE -> fail(places, perSource, mark, at);
            case FAMILIAR -> familiar.update(keys.slot(mark), before -> familiarUntil(at));
        }
    }

    private void fail(Slots slots, Rate rate, Mark mark, Instant at) {
        slots.update(keys.slot(mark), before -> rate.after(before, nanos(at)));
    }

    private void count(Mark mark, Instant now) {
        learn(mark, now);
        others.accept(mark);
    }

    private long known(Slots slots, Mark mark) {
        return slots.get(keys.slot(mark));
    }

    /** Whether the name has signed in from there lately. */
    public boolean isFamiliar(Origin origin, String login, Instant now) {
        return isAhead(known(familiar, Keys.of(Mark.Kind.FAMILIAR, origin, login)), nanos(now));
    }

    /** How long a guess that names nobody has to wait; zero where it need not. */
    public Duration delay(Origin origin, Instant now) {
        return Duration.ofNanos(perSource.delay(known(sources, Keys.of(origin)), nanos(now)));
    }

    /** How long the guess has to wait; zero where it need not. */
    public Duration delay(Attempt attempt, Instant now) {
        if (attempt.standing() == Standing.FAMILIAR) {
            Mark place = Keys.of(Mark.Kind.FAMILIAR_PLACE, attempt.origin(), attempt.login());
            return Duration.ofNanos(perSource.delay(known(places, place), nanos(now)));
        }
        Mark name = Keys.of(attempt.standing(), attempt.login());
        Duration byName = Duration.ofNanos(perSubject.delay(known(names, name), nanos(now)));
        Duration byPlace = delay(attempt.origin(), now);
        return byName.compareTo(byPlace) > 0 ? byName : byPlace;
    }

    /** A guess that names nobody was wrong. */
    public void failed(Origin origin, Instant now) {
        failures.increment();
        count(Keys.of(origin), now);
    }

    /** How many guesses were wrong here. */
    public long failures() {
        return failures.sum();
    }

    /** How many blocks of addresses have failures that count now: {@link #MOST_SOURCES} at most. */
    public int sources(Instant now) {
        return sources.after(nanos(now));
    }

    /** How many names have: {@link #MOST_NAMES} at most. */
    public int names(Instant now) {
        return names.after(nanos(now));
    }

    /** The guess was wrong. */
    public void failed(Attempt attempt, Instant now) {
        if (attempt.standing() == Standing.FAMILIAR) {
            failures.increment();
            count(Keys.of(Mark.Kind.FAMILIAR_PLACE, attempt.origin(), attempt.login()), now);
            return;
        }
        failed(attempt.origin(), now);
        count(Keys.of(attempt.standing(), attempt.login()), now);
    }

    /** Somebody has signed in by this name: the place is familiar from now on, and what was counted stays counted. */
    public void succeeded(Origin origin, String login, Instant now) {
        Mark mark = Keys.of(Mark.Kind.FAMILIAR, origin, login);
        long known = known(familiar, mark);
        // Seldom written: a name that signs in a thousand times a second is familiar already.
        if (!isAhead(known, nanos(now)) || familiarUntil(now) - known > FAMILIAR_FOR.toNanos() / 8) {
            count(mark, now);
        }
    }

    private static long familiarUntil(Instant at) {
        return nanos(at) + FAMILIAR_FOR.toNanos();
    }

    /** A time further ahead than any that is ever noted is of a clock that has been set back since. */
    private static boolean isAhead(long until, long now) {
        return until > now && until - now <= FAMILIAR_FOR.toNanos();
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
