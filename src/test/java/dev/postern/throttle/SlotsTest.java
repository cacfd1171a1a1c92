package dev.postern.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A table that never grows. */
class SlotsTest {

    private final Slots slots = new Slots(8, 4);

    private static Slots.Key key(long set, long tag) {
        return new Slots.Key(set, tag);
    }

    @Test
    void whatIsNotedIsKnownAndNothingElse() {
        // When
        slots.update(key(-3, 7), before -> before + 5);
        slots.update(key(-3, 7), before -> before + 5);
        // Then
        assertThat(slots.get(key(-3, 7))).isEqualTo(10);
        assertThat(slots.get(key(-3, 8))).isZero();
        assertThat(slots.get(key(-2, 7))).isZero();
    }

    @Test
    void whatIsOverSoonestMakesRoomInItsSetAlone() {
        // Given
        slots.update(key(0, 100), before -> 1);
        LongStream.rangeClosed(1, 4).forEach(tag -> slots.update(key(1, tag), before -> 10 * tag));
        // When
        slots.update(key(1, 5), before -> 50);
        // Then
        assertThat(slots.get(key(1, 1))).isZero();
        assertThat(LongStream.rangeClosed(2, 5).map(tag -> slots.get(key(1, tag))))
                .containsExactly(20L, 30L, 40L, 50L);
        assertThat(slots.get(key(0, 100))).isEqualTo(1);
    }

    @Test
    void manyThreadsLoseNoUpdate() {
        // When
        IntStream.range(0, 10_000).parallel().forEach(i -> slots.update(key(i % 8, i % 2), before -> before + 1));
        // Then
        AtomicLong sum = new AtomicLong();
        for (int set = 0; set < 8; set++) {
            sum.addAndGet(slots.get(key(set, 0)) + slots.get(key(set, 1)));
        }
        assertThat(sum).hasValue(10_000);
    }
}
