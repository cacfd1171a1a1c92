package dev.postern.setup;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedState;
import dev.postern.feed.load.FeedEvent;
import dev.postern.feed.load.FeedStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The feeds as metrics, a row for each zone that follows one; a zone that no longer does has none. */
final class FeedMeters {

    private final MeterRegistry registry;
    private final MultiGauge age;
    private final MultiGauge prefixes;
    private final MultiGauge held;
    private final MultiGauge stale;
    private final MultiGauge outcome;

    FeedMeters(MeterRegistry registry) {
        this.registry = registry;
        this.age = MultiGauge.builder("postern.feed.age")
                .description("Since when the publisher has not confirmed what is in force; NaN where nothing is")
                .baseUnit("seconds")
                .register(registry);
        this.prefixes = MultiGauge.builder("postern.feed.prefixes")
                .description("How many prefixes are in force")
                .register(registry);
        this.held = MultiGauge.builder("postern.feed.held.back")
                .description("Whether something waits for a person")
                .register(registry);
        this.stale = MultiGauge.builder("postern.feed.stale")
                .description("Whether what is in force is older than its max-age")
                .register(registry);
        this.outcome = MultiGauge.builder("postern.feed.outcome")
                .description("What came of asking the publisher last: 1 at that outcome")
                .register(registry);
    }

    /** Counts what came of asking. */
    void count(FeedEvent event) {
        if (event instanceof FeedEvent.Asked asked) {
            Counter.builder("postern.feed.questions")
                    .description("What came of asking publishers")
                    .tags(tags(asked.feed(), asked.after()))
                    .register(registry)
                    .increment();
        }
    }

    /** Shows the feeds as they are now. */
    void show(List<FeedStatus> feeds, Instant now) {
        register(
                age,
                feeds,
                each -> each.state()
                        .good()
                        .map(copy -> Seconds.of(copy.age(now)))
                        .orElse(Double.NaN));
        register(
                prefixes,
                feeds,
                each -> each.state()
                        .good()
                        .map(copy -> (double) copy.prefixes())
                        .orElse(0.0));
        register(held, feeds, each -> each.state().heldBack().isPresent() ? 1 : 0);
        register(stale, feeds, each -> each.stale() ? 1 : 0);
        outcome.register(
                feeds.stream()
                        .map(each -> MultiGauge.Row.of(tags(each.feed(), each.state()), 1))
                        .toList(),
                true);
    }

    private static void register(MultiGauge gauge, List<FeedStatus> feeds, ToDoubleFunction<FeedStatus> value) {
        gauge.register(
                feeds.stream()
                        .map(each ->
                                MultiGauge.Row.of(Tags.of("zone", each.feed().zone()), value.applyAsDouble(each)))
                        .toList(),
                true);
    }

    private static Tags tags(FeedDeclaration feed, FeedState state) {
        return Tags.of("zone", feed.zone(), "outcome", state.outcome().wireName());
    }
}
