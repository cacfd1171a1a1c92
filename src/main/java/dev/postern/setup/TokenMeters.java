package dev.postern.setup;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.stream.Stream;

/** What signs tokens and what is revoked, as metrics. */
final class TokenMeters {

    private TokenMeters() {}

    /** Registers them. */
    static List<Meter> register(TokenService tokens, MeterRegistry meters) {
        return Stream.concat(
                        Stream.of(Gauge.builder(
                                        "postern.revocations",
                                        tokens,
                                        it -> it.revocations().count())
                                .description("How many revocations are in force")
                                .register(meters)),
                        Stream.concat(
                                of("signing-keys", tokens.keyFault(), meters),
                                of("revocations", tokens.revocationFault(), meters)))
                .toList();
    }

    private static Stream<Meter> of(String part, LastingFault fault, MeterRegistry meters) {
        return Stream.of(
                Gauge.builder("postern.tokens.degraded", fault, it -> it.shown().isPresent() ? 1 : 0)
                        .description(
                                "Whether what was good before goes on to be used, because what is there now is not")
                        .tag("part", part)
                        .register(meters),
                FunctionCounter.builder("postern.tokens.faults", fault, LastingFault::count)
                        .description("How often that began")
                        .tag("part", part)
                        .register(meters));
    }
}
