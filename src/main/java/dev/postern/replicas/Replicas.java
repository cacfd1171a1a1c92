package dev.postern.replicas;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The other replicas: what is said to them, and who here hears them. */
public final class Replicas {

    private final SharedLog guesses;
    private final Exchange exchange;

    /**
     * What is exchanged.
     *
     * @param service the registry's service name: replicas of others at the same Redis are not heard
     * @param look what is done before each round; may block
     * @param revocations as lines
     * @param keys as lines
     * @param guess is told what others count, and when they did
     * @param memory how long what is counted matters
     */
    public record Shared(
            String service,
            Runnable look,
            Lines revocations,
            Lines keys,
            BiConsumer<String, Instant> guess,
            Duration memory) {}

    /** Nothing is said or heard until the exchange begins. */
    public Replicas(Vertx vertx, Redis redis, InstantSource clock, Shared shared, Consumer<Exchange.State> changes) {
        // In braces: a cluster keeps all of it in one place.
        String prefix = "{postern:" + shared.service() + "}:";
        this.guesses = new SharedLog(prefix + "guesses", shared.memory(), shared.guess());
        this.exchange = new Exchange(
                vertx,
                redis,
                clock,
                List.of(
                        (link, now) -> vertx.executeBlocking(() -> {
                                    shared.look().run();
                                    return true;
                                })
                                .mapEmpty(),
                        new SharedSet(vertx, prefix + "revocations", shared.revocations()),
                        new SharedSet(vertx, prefix + "keys", shared.keys()),
                        guesses),
                changes);
    }

    /** The exchange. */
    public Exchange exchange() {
        return exchange;
    }

    /** Tells others of a guess. Never blocks. */
    public void tell(String guess) {
        guesses.say(guess);
    }

    /** How many guesses could not be told. */
    public long untold() {
        return guesses.dropped();
    }
}
