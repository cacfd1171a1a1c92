package dev.postern.throttle;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Counts failures, and says how long a guess has to wait. Safe for use by several threads. */
public final class Throttle {

    /** How long a place stays familiar after a name has signed in from there. */
    public static final Duration FAMILIAR_FOR = Duration.ofHours(24);

    private static final int WAYS = 8;
    private static final int SOURCE_SETS = 4096;
    private static final int NAME_SETS = 2048;
    /** So many places of a name are familiar, which it may have to share with the places of another. */
    private static final int PLACES = 16;

    private final Keys keys;
    private final Rate perSource;
    private final Rate perSubject;
    private final Slots sources = new Slots(SOURCE_SETS, WAYS);
    private final Slots names = new Slots(NAME_SETS, WAYS);
    private final Slots places = new Slots(NAME_SETS / 2, PLACES);
    private final Slots familiar = new Slots(NAME_SETS / 2, PLACES);

    /**
     * A throttle that has seen nothing yet.
     *
     * @param secret under which names and places are remembered: random, and nobody else's
     */
    public Throttle(Limits limits, byte[] secret) {
        this.keys = new Keys(secret);
        this.perSource = new Rate(limits.window(), limits.perSource());
        this.perSubject = new Rate(limits.window(), limits.perSubject());
    }

    /** Whether the name has signed in from there lately. */
    public boolean isFamiliar(Origin origin, String login, Instant now) {
        return isAhead(familiar.get(keys.of(origin, login)), nanos(now));
    }

    /** How long a guess that names nobody has to wait; zero where it need not. */
    public Duration delay(Origin origin, Instant now) {
        return Duration.ofNanos(perSource.delay(sources.get(keys.of(origin)), nanos(now)));
    }

    /** How long the guess has to wait; zero where it need not. */
    public Duration delay(Attempt attempt, Instant now) {
        if (attempt.standing() == Standing.FAMILIAR) {
            return Duration.ofNanos(
                    perSource.delay(places.get(keys.of(attempt.origin(), attempt.login())), nanos(now)));
        }
        long source = perSource.delay(sources.get(keys.of(attempt.origin())), nanos(now));
        long name = perSubject.delay(names.get(keys.of(attempt.standing(), attempt.login())), nanos(now));
        return Duration.ofNanos(Math.max(source, name));
    }

    /** A guess that names nobody was wrong. */
    public void failed(Origin origin, Instant now) {
        sources.update(keys.of(origin), before -> perSource.after(before, nanos(now)));
    }

    /** The guess was wrong. */
    public void failed(Attempt attempt, Instant now) {
        if (attempt.standing() == Standing.FAMILIAR) {
            places.update(keys.of(attempt.origin(), attempt.login()), before -> perSource.after(before, nanos(now)));
            return;
        }
        failed(attempt.origin(), now);
        names.update(keys.of(attempt.standing(), attempt.login()), before -> perSubject.after(before, nanos(now)));
    }

    /** Somebody has signed in by this name: the place is familiar from now on, and what was counted stays counted. */
    public void succeeded(Origin origin, String login, Instant now) {
        Slots.Key key = keys.of(origin, login);
        long known = familiar.get(key);
        long until = nanos(now) + FAMILIAR_FOR.toNanos();
        // Seldom written: a name that signs in a thousand times a second is familiar already.
        if (!isAhead(known, nanos(now)) || until - known > FAMILIAR_FOR.toNanos() / 8) {
            familiar.update(key, before -> until);
        }
    }

    /** A time further ahead than any that is ever noted is of a clock that has been set back since. */
    private static boolean isAhead(long until, long now) {
        return until > now && until - now <= FAMILIAR_FOR.toNanos();
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
