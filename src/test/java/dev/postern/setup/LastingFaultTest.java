package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Told once, counted once, and shown until it is over. */
class LastingFaultTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final LastingFault fault = new LastingFault();

    @Test
    void whatIsSeenAgainIsToldOnceAndShownSinceTheFirstTime() {
        // When
        boolean first = fault.seen("no key", NOW);
        boolean again = fault.seen("no key", NOW.plusSeconds(1));

        // Then
        assertThat(first).isTrue();
        assertThat(again).isFalse();
        assertThat(fault.count()).isEqualTo(1);
        assertThat(fault.shown()).contains(new LastingFault.Shown("no key", NOW));
    }

    @Test
    void anotherFaultIsToldAndCounted() {
        // Given
        fault.seen("no key", NOW);

        // Then
        assertThat(fault.seen("no certificate", NOW.plusSeconds(1))).isTrue();
        assertThat(fault.count()).isEqualTo(2);
        assertThat(fault.shown().map(LastingFault.Shown::why)).contains("no certificate");
    }

    @Test
    void itIsOverOnceAndTheSameOneLaterIsNew() {
        // Given
        assertThat(fault.over()).isFalse();
        fault.seen("no key", NOW);

        // Then
        assertThat(fault.over()).isTrue();
        assertThat(fault.over()).isFalse();
        assertThat(fault.shown()).isEmpty();
        assertThat(fault.seen("no key", NOW.plusSeconds(9))).isTrue();
        assertThat(fault.count()).isEqualTo(2);
    }
}
