package dev.postern.console;

import dev.postern.console.ConsoleToken.Digest;
import dev.postern.throttle.Limits;
import dev.postern.throttle.Origin;
import dev.postern.throttle.Throttle;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Who may look at the console: whoever shows the word, and whoever has signed in by it. */
final class Guard {

    /** So often may one place be wrong in a minute. */
    static final int WRONG_A_MINUTE = 10;

    private final ConsoleToken token;
    private final Sessions sessions;
    private final Throttle throttle;

    Guard(ConsoleToken token, Duration lifetime) {
        this.token = token;
        this.sessions = new Sessions(lifetime);
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.throttle = new Throttle(new Limits(Duration.ofMinutes(1), WRONG_A_MINUTE, WRONG_A_MINUTE), secret);
    }

    /** What became of showing a word. */
    sealed interface Outcome {}

    /** It is the word. */
    record Right(Digest word) implements Outcome {}

    /** It is not. */
    record Wrong() implements Outcome {}

    /** It was not looked at: too many were wrong from there. */
    record Later(Duration after) implements Outcome {}

    /** Whether the visitor may look. */
    boolean admits(Ask ask, Instant now) {
        if (ask.bearer().isPresent()) {
            return show(ask.bearer().get(), ask, now) instanceof Right;
        }
        return ask.session()
                .map(id -> sessions.has(id, token.current(now), now))
                .orElse(false);
    }

    /** Holds what is shown against the word. */
    Outcome show(String shown, Ask ask, Instant now) {
        Origin origin = Origin.of(ask.source());
        Duration delay = throttle.delay(origin, now);
        if (delay.isPositive()) {
            return new Later(delay);
        }
        Optional<Digest> word = token.current(now);
        if (word.isPresent() && word.get().is(Digest.of(shown))) {
            return new Right(word.get());
        }
        throttle.failed(origin, now);
        return new Wrong();
    }

    /** Begins a session of whoever has shown the word. */
    String begin(Right right, Instant now) {
        return sessions.begin(right.word(), now);
    }

    void end(Ask ask) {
        ask.session().ifPresent(sessions::end);
    }
}
