package dev.postern.setup;

import dev.postern.identity.RefreshLogin;
import dev.postern.token.SigningKey;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Tokens, what signs them and what is revoked, as metrics. */
final class TokenMeters {

    private TokenMeters() {}

    /** Registers them. */
    static List<Meter> register(TokenService tokens, SigningKeys keys, InstantSource clock, MeterRegistry meters) {
        return Stream.of(
                        Stream.of(Gauge.builder(
                                        "postern.revocations",
                                        tokens,
                                        it -> it.revocations().count())
                                .description("Revocations in force")
                                .register(meters)),
                        of("signing-keys", tokens.keyFault(), meters),
                        of("revocations", tokens.revocationFault(), meters),
                        issued(tokens, meters),
                        of(tokens, keys, clock, meters))
                .flatMap(some -> some)
                .map(Meter.class::cast)
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

    private static Stream<Meter> issued(TokenService tokens, MeterRegistry meters) {
        String description = "Registry tokens that were given: signed for it, or signed before for the same";
        return Stream.of(
                FunctionCounter.builder(
                                "postern.tokens", tokens, it -> it.issuer().signed())
                        .description(description)
                        .tag("origin", "signed")
                        .register(meters),
                FunctionCounter.builder(
                                "postern.tokens", tokens, it -> it.reused().count())
                        .description(description)
                        .tag("origin", "reused")
                        .register(meters));
    }

    private static Stream<Meter> of(TokenService tokens, SigningKeys keys, InstantSource clock, MeterRegistry meters) {
        return Stream.of(
                Gauge.builder(
                                "postern.signing.key.age",
                                tokens,
                                it -> Seconds.between(
                                        signing(it).certificate().getNotBefore().toInstant(), clock.instant()))
                        .description("Since when the certificate of the key that signs is valid")
                        .baseUnit("seconds")
                        .register(meters),
                Gauge.builder(
                                "postern.signing.key.expiry",
                                tokens,
                                it -> Seconds.between(clock.instant(), expiry(signing(it))))
                        .description("For how long it will be, and those of the authorities above it")
                        .baseUnit("seconds")
                        .register(meters),
                Gauge.builder(
                                "postern.signing.key.change",
                                keys,
                                it -> it.changesAt()
                                        .map(at -> Seconds.between(clock.instant(), at))
                                        .orElse(Double.NaN))
                        .description("When another key will sign; NaN where that is not known")
                        .baseUnit("seconds")
                        .register(meters));
    }

    private static SigningKey signing(TokenService tokens) {
        return tokens.keys().ring().signing();
    }

    /** The first instant at which something in the key's chain is no longer valid. */
    static Instant expiry(SigningKey key) {
        return Stream.concat(key.published().chain().stream(), key.authority().stream())
                .map(X509Certificate::getNotAfter)
                .min(Date::compareTo)
                .orElseThrow()
                .toInstant();
    }

    /** Refresh tokens. */
    static List<Meter> register(RefreshLogin login, MeterRegistry meters) {
        return List.of(
                refresh("issued", login, RefreshLogin::issued, meters),
                refresh("taken", login, RefreshLogin::taken, meters),
                refresh("refused", login, RefreshLogin::refused, meters));
    }

    private static Meter refresh(
            String outcome, RefreshLogin login, ToDoubleFunction<RefreshLogin> count, MeterRegistry meters) {
        return FunctionCounter.builder("postern.refresh.tokens", login, count)
                .description("Refresh tokens that were issued, and that were shown: taken, or refused")
                .tag("outcome", outcome)
                .register(meters);
    }
}
