package dev.postern.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** So many at once, and then one for each share of the window. */
class RateTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long NOW = 1_700_000_000L * 1_000_000_000L;

    private final Rate tenAMinute = new Rate(Duration.ofMinutes(1), 10);

    @Test
    void asManyAsTheLimitAreFreeAtOnceAndTheNextWaitsForAShare() {
        // Given
        long madeUp = 0;
        for (int i = 0; i < 10; i++) {
            // Then
            assertThat(tenAMinute.delay(madeUp, NOW)).isZero();
            madeUp = tenAMinute.after(madeUp, NOW);
        }
        assertThat(tenAMinute.delay(madeUp, NOW)).isEqualTo(MINUTE / 10);
        assertThat(tenAMinute.delay(madeUp, NOW + MINUTE / 10 - 1)).isEqualTo(1);
        assertThat(tenAMinute.delay(madeUp, NOW + MINUTE / 10)).isZero();
    }

    @Test
    void afterTheWindowAllIsForgiven() {
        // Given
        long madeUp = 0;
        for (int i = 0; i < 1000; i++) {
            madeUp = tenAMinute.after(madeUp, NOW);
        }
        // When
        long later = NOW + MINUTE;
        // Then
        for (int i = 0; i < 10; i++) {
            assertThat(tenAMinute.delay(madeUp, later)).isZero();
            madeUp = tenAMinute.after(madeUp, later);
        }
        assertThat(tenAMinute.delay(madeUp, later)).isPositive();
    }

    @Test
    void aClockThatIsSetBackLocksNobodyOut() {
        // Given
        long madeUp = 0;
        for (int i = 0; i < 10; i++) {
            madeUp = tenAMinute.after(madeUp, NOW);
        }
        // Then
        assertThat(tenAMinute.delay(madeUp, NOW - 10 * MINUTE)).isZero();
    }

    /** Against a plain count: whoever keeps to the delay has never more failures in a window than twice the limit. */
    @Property
    void noWindowHasMoreThanTwiceTheLimit(
            @ForAll @IntRange(min = 1, max = 20) int limit,
            @ForAll @Size(max = 200) List<@LongRange(max = 20_000_000_000L) Long> pauses) {
        // Given
        Rate rate = new Rate(Duration.ofMinutes(1), limit);
        Deque<Long> failures = new ArrayDeque<>();
        long madeUp = 0;
        long now = NOW;
        for (long pause : pauses) {
            now += pause;
            // When
            if (rate.delay(madeUp, now) == 0) {
                madeUp = rate.after(madeUp, now);
                failures.add(now);
            }
            while (!failures.isEmpty() && failures.peek() <= now - MINUTE) {
                failures.remove();
            }
            // Then
            assertThat(failures).hasSizeLessThanOrEqualTo(2 * limit);
        }
    }

    @Property
    void theDelayIsJustLongEnoughAndNeverLongerThanAShare(
            @ForAll @IntRange(min = 1, max = 1000) int limit, @ForAll @IntRange(max = 3000) int failures) {
        // Given
        Rate rate = new Rate(Duration.ofMinutes(1), limit);
        long madeUp = 0;
        for (int i = 0; i < failures; i++) {
            madeUp = rate.after(madeUp, NOW);
        }
        // When
        long delay = rate.delay(madeUp, NOW);
        // Then
        assertThat(delay == 0).isEqualTo(failures < limit);
        assertThat(delay).isLessThanOrEqualTo(MINUTE / limit);
        assertThat(rate.delay(madeUp, NOW + delay)).isZero();
    }
}
