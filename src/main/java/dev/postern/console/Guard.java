package dev.postern.console;

import dev.postern.console.ConsoleToken.Digest;
import dev.postern.throttle.Limits;
import dev.postern.throttle.Origin;
import dev.postern.throttle.Throttle;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Who may look at the console: whoever shows the word, and whoever has signed in, by it or by the issuer. */
final class Guard {

    /** So often may one place be wrong in a minute. */
    static final int WRONG_A_MINUTE = 10;

    private final Optional<ConsoleToken> token;
    private final Duration lifetime;
    private final Sessions sessions = new Sessions();
    private final Throttle throttle;

    Guard(Optional<ConsoleToken> token, Duration lifetime) {
        this.token = token;
        this.lifetime = lifetime;
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
        return session(ask, now).isPresent();
    }

    /** By what the visitor has signed in, if so. */
    Optional<Sessions.By> session(Ask ask, Instant now) {
        return ask.session().flatMap(id -> sessions.find(id, word(now), now));
    }

    private Optional<Digest> word(Instant now) {
        return token.flatMap(known -> known.current(now));
    }

    /** How long the visitor has to wait, for too many were wrong from there. */
    Duration delay(Ask ask, Instant now) {
        return throttle.delay(Origin.of(ask.source()), now);
    }

    /** The visitor was wrong. */
    void failed(Ask ask, Instant now) {
        throttle.failed(Origin.of(ask.source()), now);
    }

    /** Holds what is shown against the word. */
    Outcome show(String shown, Ask ask, Instant now) {
        Duration delay = delay(ask, now);
        if (delay.isPositive()) {
            return new Later(delay);
        }
        Optional<Digest> word = word(now);
        if (word.isPresent() && word.get().is(Digest.of(shown))) {
            return new Right(word.get());
        }
        failed(ask, now);
        return new Wrong();
    }

    /** Begins a session of whoever has shown the word. */
    String begin(Right right, Instant now) {
        return sessions.begin(new Sessions.Word(right.word()), lifetime, now);
    }

    /** Begins a session of whom the issuer has named. */
    String beginByIssuer(Duration asLong, Instant now) {
        return sessions.begin(new Sessions.Issuer(), asLong, now);
    }

    void end(Ask ask) {
        ask.session().ifPresent(sessions::end);
    }
}
