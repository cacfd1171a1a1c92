package dev.postern.setup;

import dev.postern.listener.ProxyProtocolListener;
import dev.postern.listener.ProxyProtocolListener.Refusal;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The policy, the listener for PROXY headers and the program itself, as metrics. */
final class HouseMeters {

    private HouseMeters() {}

    /** Registers that of the program. */
    static List<Meter> register(MeterRegistry meters) {
        return List.of(Gauge.builder("postern.build.info", () -> 1)
                .description("1, of the version that runs")
                .tag("version", BuiltVersion.text())
                .register(meters));
    }

    /** Registers those of the policy. */
    static List<Meter> register(
            PolicyStore policies, AtomicLong loads, AtomicLong rejections, InstantSource clock, MeterRegistry meters) {
        return List.of(
                FunctionCounter.builder("postern.policy.loads", loads, AtomicLong::get)
                        .description("Policies that came into force")
                        .register(meters),
                FunctionCounter.builder("postern.policy.rejections", rejections, AtomicLong::get)
                        .description("How often a policy was there that was not taken")
                        .register(meters),
                Gauge.builder(
                                "postern.policy.rules",
                                policies,
                                store -> store.state()
                                        .inForce()
                                        .map(Policy::ruleCount)
                                        .orElse(0))
                        .description("Network rules of the policy in force")
                        .register(meters),
                Gauge.builder(
                                "postern.policy.accounts",
                                policies,
                                store -> store.state()
                                        .inForce()
                                        .map(policy -> policy.accounts().size())
                                        .orElse(0))
                        .description("Accounts of the policy in force")
                        .register(meters),
                Gauge.builder(
                                "postern.policy.age",
                                policies,
                                store -> store.state()
                                        .since()
                                        .map(since -> Seconds.between(since, clock.instant()))
                                        .orElse(Double.NaN))
                        .description("For how long the policy has been in force; NaN where none is")
                        .baseUnit("seconds")
                        .register(meters),
                Gauge.builder(
                                "postern.policy.stale",
                                policies,
                                store -> store.state().rejection().isPresent() ? 1 : 0)
                        .description("Whether what is there now is not in force, because it was not taken")
                        .register(meters));
    }

    /** Registers those of the listener. */
    static List<Meter> register(ProxyProtocolListener listener, MeterRegistry meters) {
        return Stream.concat(
                        Stream.<Meter>of(
                                Gauge.builder("postern.proxy.connections", listener, ProxyProtocolListener::open)
                                        .description("Connections with a PROXY header that are led on now")
                                        .register(meters),
                                FunctionCounter.builder(
                                                "postern.proxy.accepted", listener, ProxyProtocolListener::accepted)
                                        .description("Connections with a PROXY header that were led on")
                                        .register(meters)),
                        Arrays.stream(Refusal.values())
                                .map(why -> FunctionCounter.builder(
                                                "postern.proxy.refused", listener, it -> it.refused(why))
                                        .description("Connections to the listener for PROXY headers that were closed")
                                        .tag("reason", why.name().toLowerCase(Locale.ROOT))
                                        .register(meters)))
                .toList();
    }
}
