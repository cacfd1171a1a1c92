package dev.postern.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Duration MAX_LAG = Duration.ofMillis(500);

    private long now = 17;
    private int looked;
    private final List<Runnable> timers = new ArrayList<>();
    private final Pulse pulse = new Pulse(
            MAX_LAG,
            () -> {
                looked++;
                return now;
            },
            timers::add);

    @Test
    void aLoopThatComesToItsTimersIsNeverBehindHoweverMuchItDoes() {
        for (int beat = 0; beat < 100; beat++) {
            // When: no more than fits before the timer, for five seconds
            long behind = take(1000, Duration.ofNanos(50_000));

            // Then
            assertThat(behind).isZero();
            beat();
        }
    }

    @Test
    void whoeverStandsBehindMoreThanFitsInTheTimeIsOneTooMany() {
        // When: 2,000 that came together, each of one millisecond
        long behind = take(2000, Duration.ofMillis(1));

        // Then: those of the first 520 ms are answered, and up to 63 more before it is seen
        assertThat(2000 - behind).isBetween(520L, 520L + Pulse.EACH);
    }

    @Test
    void onceTheLoopComesToItsTimerTheNextAreTakenAgain() {
        // Given
        assertThat(take(2000, Duration.ofMillis(1))).isPositive();

        // When
        beat();

        // Then
        assertThat(take(500, Duration.ofMillis(1))).isZero();
    }

    @Test
    void atTheBoundItIsNotBehindAndBeyondItIs() {
        // Given: all but the one that looks at the clock
        take(Pulse.EACH - 1, Duration.ZERO);
        now += MAX_LAG.plus(Pulse.INTERVAL).toNanos();

        // When // Then
        assertThat(pulse.isBehind()).isFalse();
        take(Pulse.EACH - 1, Duration.ZERO);
        now++;
        assertThat(pulse.isBehind()).isTrue();
    }

    @Test
    void aProcessThatWasStoppedIsNotBehind() {
        // Given: a request, and its timer
        take(1, Duration.ZERO);
        beat();

        // When: an hour passes without any, then many come
        now += Duration.ofHours(1).toNanos();

        // Then
        assertThat(take(1000, Duration.ofNanos(50_000))).isZero();
    }

    @Test
    void fewAreAnsweredWhateverTheyTake() {
        assertThat(take(Pulse.EACH - 1, Duration.ofMinutes(1))).isZero();
    }

    @Test
    void oneTimerIsSetAtATimeAndTheClockIsLookedAtSeldom() {
        // When
        take(1600, Duration.ZERO);

        // Then
        assertThat(timers).hasSize(1);
        assertThat(looked).isEqualTo(1 + 1600 / Pulse.EACH);
    }

    @Test
    void withoutRequestsNoTimerIsSet() {
        assertThat(timers).isEmpty();
        take(1, Duration.ZERO);
        beat();
        assertThat(timers).isEmpty();
    }

    @Test
    void theClockMayBeginAnywhere() {
        // Given: it overflows on the way
        now = Long.MAX_VALUE - Duration.ofMillis(100).toNanos();

        // When // Then
        assertThat(take(500, Duration.ofMillis(1))).isZero();
        assertThat(take(500, Duration.ofMillis(1))).isPositive();
    }

    /** Takes so many, one after the other; returns how many were one too many. */
    private long take(int requests, Duration each) {
        return IntStream.range(0, requests)
                .filter(i -> {
                    boolean behind = pulse.isBehind();
                    now += each.toNanos();
                    return behind;
                })
                .count();
    }

    private void beat() {
        assertThat(timers).hasSize(1);
        timers.removeFirst().run();
    }
}
