package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Texts of instants. */
class TimestampsTest {

    @Property
    void anInstantHasTheTextThatJavaGivesIt(@ForAll("instants") Instant instant) {
        assertThat(Timestamps.text(instant)).isEqualTo(instant.toString());
    }

    @Provide
    Arbitrary<Instant> instants() {
        Arbitrary<Long> seconds = Arbitraries.oneOf(
                Arbitraries.longs().between(-70_000_000_000L, 300_000_000_000L), Arbitraries.of(1_800_000_000L));
        Arbitrary<Integer> units = Arbitraries.of(1, 1_000, 1_000_000);
        return Combinators.combine(
                        seconds,
                        units,
                        Arbitraries.integers().between(0, 999_999_999).injectDuplicates(0.2))
                .as((second, unit, nanos) -> Instant.ofEpochSecond(second, nanos / unit * unit));
    }
}
