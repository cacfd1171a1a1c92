package dev.postern.testing;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The clock by which doors decide, in every test of the whole service: the system's until a test sets it. */
@Alternative
@Priority(1)
@Singleton
public class SettableClock implements InstantSource {

    private volatile Optional<Instant> fixed = Optional.empty();

    @Override
    public Instant instant() {
        return fixed.orElseGet(Instant::now);
    }

    /** Stops at this instant. */
    public void set(Instant instant) {
        fixed = Optional.of(instant);
    }

    /** Goes with the system's again. */
    public void reset() {
        fixed = Optional.empty();
    }
}
