package dev.postern.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.timing.Traceparent;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Optional<Traceparent> RECORDED =
            Traceparent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private static final Optional<Traceparent> NOT_RECORDED =
            Traceparent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

    @ParameterizedTest
    @CsvSource({"0, 0.0, false", "0.25, 0.2499, true", "0.25, 0.25, false", "0.25, 0.9, false", "1, 0.9999, true"})
    void of_what_belongs_to_no_trace_a_part_is_recorded(double ratio, double dice, boolean taken) {
        assertThat(new Sampling(ratio, 10).takes(Optional.empty(), 0, dice)).isEqualTo(taken);
    }

    @Test
    void of_a_callers_trace_all_is_recorded_that_it_records_and_nothing_else() {
        assertThat(new Sampling(0, 10).takes(RECORDED, 0, 0.9)).isTrue();
        assertThat(new Sampling(1, 10).takes(NOT_RECORDED, 0, 0.0)).isFalse();
    }

    @Test
    void so_many_are_recorded_in_a_second_and_the_rest_is_counted() {
        // Given
        Sampling sampling = new Sampling(1, 2);
        // When
        for (int i = 0; i < 5; i++) {
            assertThat(sampling.takes(RECORDED, 7 * SECOND + i, 0)).isEqualTo(i < 2);
        }
        // Then
        assertThat(sampling.beyond()).isEqualTo(3);
        assertThat(sampling.takes(RECORDED, 8 * SECOND, 0)).isTrue();
    }

    @Test
    void callers_traces_take_no_place_from_the_others() {
        // Given
        Sampling sampling = new Sampling(1, 1);
        // When
        sampling.takes(RECORDED, 0, 0);
        sampling.takes(RECORDED, 0, 0);
        // Then
        assertThat(sampling.takes(Optional.empty(), 0, 0)).isTrue();
    }

    @Test
    void what_is_not_wanted_takes_no_place() {
        // Given
        Sampling sampling = new Sampling(0.5, 1);
        // When
        sampling.takes(NOT_RECORDED, 0, 0);
        sampling.takes(Optional.empty(), 0, 0.6);
        // Then
        assertThat(sampling.takes(RECORDED, 0, 0)).isTrue();
        assertThat(sampling.takes(Optional.empty(), 0, 0)).isTrue();
        assertThat(sampling.beyond()).isZero();
    }

    @Test
    void a_clock_that_begins_below_zero_has_seconds_too() {
        // Given
        Sampling sampling = new Sampling(1, 1);
        // Then
        assertThat(sampling.takes(RECORDED, -3, 0)).isTrue();
        assertThat(sampling.takes(RECORDED, -2, 0)).isFalse();
        assertThat(sampling.takes(RECORDED, 2, 0)).isTrue();
        assertThat(sampling.takes(RECORDED, 3, 0)).isFalse();
    }
}
