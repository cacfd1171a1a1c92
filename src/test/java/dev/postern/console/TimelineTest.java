package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Instant BEGAN = Instant.parse("2026-06-01T12:00:00Z");

    private final Timeline timeline = new Timeline();

    @Test
    void a_step_has_what_was_counted_in_it() {
        // When
        timeline.take(new long[] {5, 0}, BEGAN);
        timeline.take(new long[] {7, 1}, BEGAN.plus(Timeline.STEP));

        // Then
        assertThat(timeline.steps().getLast().counts()).containsExactly(2, 1);
        assertThat(timeline.open(new long[] {10, 1})).containsExactly(3, 0);
    }

    @Test
    void it_holds_an_hour() {
        // When
        for (int i = 0; i < 10_000; i++) {
            timeline.take(new long[] {i}, BEGAN.plus(Timeline.STEP.multipliedBy(i)));
        }

        // Then
        assertThat(timeline.steps()).hasSize(Timeline.STEPS);
        assertThat(timeline.steps().getLast().end()).isEqualTo(BEGAN.plus(Timeline.STEP.multipliedBy(9_999)));
    }
}
