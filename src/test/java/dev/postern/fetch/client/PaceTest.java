package dev.postern.fetch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final Pace pace = new Pace(new Random(7), NOW);

    @Test
    void afterAnAnswerItIsTimeOnceTheUsualTimeIsOver() {
        pace.again(HOUR, NOW);
        assertThat(pace.isDue(NOW)).isFalse();
        assertThat(pace.isDue(NOW.plus(Duration.ofMinutes(53)))).isFalse();
        assertThat(pace.isDue(NOW.plus(Duration.ofMinutes(67)))).isTrue();
    }

    @Test
    void aClockThatWasSetBackKeepsNobodyFromAsking() {
        pace.again(HOUR, NOW);
        assertThat(pace.isDue(NOW.minus(HOUR))).isTrue();
        pace.again(HOUR, NOW.minus(HOUR));
        assertThat(pace.isDue(NOW.minus(HOUR))).isFalse();
        pace.retry(HOUR, NOW);
        assertThat(pace.isDue(NOW.minusMillis(1))).isTrue();
        pace.now(NOW.minus(HOUR));
        assertThat(pace.isDue(NOW.minus(HOUR))).isTrue();
    }
}
