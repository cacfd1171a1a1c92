package dev.postern.setup;

import dev.postern.replicas.Exchange;
import dev.postern.replicas.Lines;
import dev.postern.replicas.Replicas;
import dev.postern.throttle.Mark;
import dev.postern.throttle.Throttle;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What is shared with other replicas, where the settings name a Redis; else nothing is. */
final class ReplicaService implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ReplicaService.class);

    private final Optional<Replicas> replicas;
    private final boolean refuse;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final List<Meter> shown;

    /**
     * @param redis asked for where the settings name one
     * @param guesses is told what others count, and when
     */
    ReplicaService(
            PosternConfig config,
            Vertx vertx,
            Supplier<Redis> redis,
            InstantSource clock,
            TokenService tokens,
            BiConsumer<Mark, Instant> guesses,
            MeterRegistry meters) {
        this.clock = clock;
        this.meters = meters;
        RedisSettings settings = RedisSettings.read(config);
        this.refuse = settings.refusesWithout();
        var shared = new Replicas.Shared(
                config.service(),
                () -> tokens.refreshRevocations(clock.instant()),
                revocations(tokens),
                keys(tokens),
                (text, at) -> Mark.parse(text).ifPresent(mark -> guesses.accept(mark, at)),
                Throttle.FAMILIAR_FOR);
        this.replicas = settings.isOn()
                ? Optional.of(new Replicas(vertx, redis.get(), clock, shared, this::report))
                : Optional.empty();
        this.shown = replicas.map(this::meters).orElse(List.of());
    }

    private static Lines revocations(TokenService tokens) {
        return new Lines() {
            @Override
            public Map<String, Instant> here(Instant now) {
                return tokens.revocations().lines();
            }

            @Override
            public void heard(Set<String> lines, Instant now) {
                tokens.learnRevocations(lines, now);
            }
        };
    }

    private static Lines keys(TokenService tokens) {
        return new Lines() {
            @Override
            public Map<String, Instant> here(Instant now) {
                return tokens.announcement(now);
            }

            @Override
            public void heard(Set<String> lines, Instant now) {
                tokens.learnKeys(lines, now);
            }
        };
    }

    private List<Meter> meters(Replicas shared) {
        return List.of(
                Gauge.builder("postern.redis.degraded", this, service -> service.isStale() ? 1 : 0)
                        .description("Whether it is not known what other replicas say")
                        .register(meters),
                FunctionCounter.builder("postern.redis.rounds", shared.exchange(), Exchange::rounds)
                        .description("Exchanges with other replicas")
                        .tag("outcome", "done")
                        .register(meters),
                FunctionCounter.builder("postern.redis.rounds", shared.exchange(), Exchange::failures)
                        .description("Exchanges with other replicas")
                        .tag("outcome", "failed")
                        .register(meters),
                FunctionCounter.builder("postern.redis.untold", shared, Replicas::untold)
                        .description("Failed guesses that other replicas were not told of")
                        .register(meters));
    }

    private void report(Exchange.State state) {
        state.trouble()
                .ifPresentOrElse(
                        why -> LOG.warnf("Redis cannot be used (%s): what other replicas say is not heard", why),
                        () -> LOG.info("what replicas share is shared by Redis"));
    }

    void begin() {
        replicas.map(Replicas::exchange).ifPresent(Exchange::begin);
    }

    void tell(Mark mark) {
        replicas.ifPresent(shared -> shared.tell(mark.text()));
    }

    /** Whether something is shared. */
    boolean isOn() {
        return replicas.isPresent();
    }

    private boolean isStale() {
        return replicas.map(shared -> shared.exchange().state().isStale(clock.instant()))
                .orElse(false);
    }

    /** Whether refresh tokens are taken just now. */
    boolean takesRefreshTokens() {
        return !refuse || !isStale();
    }

    /** Why nothing is heard of others, where that is so; and since when. */
    Optional<String> trouble() {
        if (!isStale()) {
            return Optional.empty();
        }
        Exchange.State state = replicas.orElseThrow().exchange().state();
        return Optional.of(state.trouble().orElse("it has not answered yet")
                + state.heard().map(at -> ", since " + at).orElse(""));
    }

    @Override
    public void close() {
        replicas.map(Replicas::exchange).ifPresent(Exchange::close);
        shown.forEach(meters::remove);
    }
}
