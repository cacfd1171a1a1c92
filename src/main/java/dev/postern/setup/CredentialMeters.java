package dev.postern.setup;

import dev.postern.identity.BcryptWorkers;
import dev.postern.throttle.Standing;
import dev.postern.throttle.Throttle;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Who judges credentials, as metrics. */
final class CredentialMeters {

    private CredentialMeters() {}

    /** Registers those of passwords and of failures. */
    static List<Meter> register(BcryptWorkers bcrypt, Throttle throttle, InstantSource clock, MeterRegistry meters) {
        Stream<Meter> waiting = Arrays.stream(Standing.values())
                .map(standing -> Gauge.builder("postern.passwords.waiting", bcrypt, it -> it.waiting(standing))
                        .description("Password checks that wait for their turn, by how well the name is known there")
                        .tag("standing", standing.name().toLowerCase(Locale.ROOT))
                        .register(meters));
        String tracked = "What has failures that count now: blocks of addresses, and names";
        return Stream.concat(
                        waiting,
                        Stream.<Meter>of(
                                FunctionCounter.builder("postern.passwords.overloads", bcrypt, BcryptWorkers::overloads)
                                        .description(
                                                "Password checks that were not made: too many waited, or for too long")
                                        .register(meters),
                                FunctionCounter.builder("postern.throttle.failures", throttle, Throttle::failures)
                                        .description("Wrong credentials that were counted against their source or name")
                                        .register(meters),
                                Gauge.builder("postern.throttle.tracked", throttle, it -> it.sources(clock.instant()))
                                        .description(tracked)
                                        .tag("kind", "source")
                                        .register(meters),
                                Gauge.builder("postern.throttle.tracked", throttle, it -> it.names(clock.instant()))
                                        .description(tracked)
                                        .tag("kind", "name")
                                        .register(meters)))
                .toList();
    }

    /** Registers those of issuers, of which the settings have so many. */
    static List<Meter> register(
            OidcService oidc, RegistryIssuerService registries, InstantSource clock, MeterRegistry meters) {
        return Stream.concat(
                        oidc.keys().keySet().stream()
                                .flatMap(name -> of("oidc", name, oidc::keys, oidc::troubles, clock, meters)),
                        registries.keys().keySet().stream()
                                .flatMap(name ->
                                        of("registry", name, registries::keys, registries::troubles, clock, meters)))
                .toList();
    }

    private static Stream<Meter> of(
            String kind,
            String name,
            Supplier<Map<String, Optional<Instant>>> keys,
            Supplier<Map<String, String>> troubles,
            InstantSource clock,
            MeterRegistry meters) {
        return Stream.of(
                Gauge.builder(
                                "postern.issuer.degraded",
                                troubles,
                                it -> it.get().containsKey(name) ? 1 : 0)
                        .description("Whether the issuer's last answer to the question for its keys was of no use")
                        .tag("kind", kind)
                        .tag("issuer", name)
                        .strongReference(true)
                        .register(meters),
                Gauge.builder(
                                "postern.issuer.keys.age",
                                keys,
                                it -> it.get()
                                        .getOrDefault(name, Optional.empty())
                                        .map(at -> Seconds.between(at, clock.instant()))
                                        .orElse(Double.NaN))
                        .description("When the keys of the issuer that are at hand were asked for; NaN where none are")
                        .baseUnit("seconds")
                        .tag("kind", kind)
                        .tag("issuer", name)
                        .strongReference(true)
                        .register(meters));
    }
}
