package dev.postern.setup;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A fault with which all goes on by what was good before: told once, counted, and shown until it is over. */
final class LastingFault {

    /**
     * What is wrong now.
     *
     * @param why in words, without secrets
     * @param since when it was first seen
     */
    record Shown(String why, Instant since) {}

    private final AtomicLong count = new AtomicLong();
    private volatile Optional<Shown> shown = Optional.empty();

    /** It is seen. Answers whether it is another than was seen before, and a person is to be told. */
    boolean seen(String why, Instant now) {
        if (shown.map(Shown::why).filter(why::equals).isPresent()) {
            return false;
        }
        count.incrementAndGet();
        shown = Optional.of(new Shown(why, now));
        return true;
    }

    /** All is well. Answers whether it was not before. */
    boolean over() {
        boolean was = shown.isPresent();
        if (was) {
            shown = Optional.empty();
        }
        return was;
    }

    /** What is wrong now, if something is. */
    Optional<Shown> shown() {
        return shown;
    }

    /** How many there were since the start. */
    long count() {
        return count.get();
    }
}
