package dev.postern.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is slowed down by whose failures: the attacks, one by one, and the clock in the test's hand. */
class ThrottleTest {

    private static final Limits LIMITS = new Limits(Duration.ofMinutes(1), 10, 30);
    private static final Duration SHARE_OF_A_SOURCE = Duration.ofSeconds(6);
    private static final Duration SHARE_OF_A_NAME = Duration.ofSeconds(2);

    private static final Origin OFFICE = new Origin("office");
    private static final Origin BRANCH = new Origin("branch");

    private final Throttle throttle = new Throttle(LIMITS, new byte[] {1, 2, 3});
    private Instant now = Instant.parse("2026-06-15T12:00:00Z");

    private static Origin stranger(int number) {
        return new Origin("stranger " + number);
    }

    private static Attempt attempt(Origin origin, String login, Standing standing) {
        return new Attempt(origin, login, standing);
    }

    /** Fails, unless it has to wait. */
    private boolean guess(Attempt attempt) {
        if (throttle.delay(attempt, now).isPositive()) {
            return false;
        }
        throttle.failed(attempt, now);
        return true;
    }

    private int guesses(int times, Attempt attempt) {
        int made = 0;
        for (int i = 0; i < times; i++) {
            made += guess(attempt) ? 1 : 0;
        }
        return made;
    }

    private void expectFree(Attempt attempt) {
        assertThat(throttle.delay(attempt, now)).isZero();
    }

    // The limits

    @Test
    void onePlaceMayBeWrongSoOftenWhateverNamesItTries() {
        // Given
        for (int i = 0; i < 10; i++) {
            assertThat(guess(attempt(stranger(1), "name " + i, Standing.OTHER))).isTrue();
        }
        // Then
        assertThat(throttle.delay(attempt(stranger(1), "another", Standing.OTHER), now))
                .isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(throttle.delay(attempt(stranger(1), "another", Standing.LISTED), now))
                .isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(throttle.delay(stranger(1), now)).isEqualTo(SHARE_OF_A_SOURCE);
        expectFree(attempt(stranger(2), "another", Standing.OTHER));
    }

    @Test
    void whatNamesNobodyCountsForThePlace() {
        // Given
        for (int i = 0; i < 10; i++) {
            throttle.failed(stranger(1), now);
        }
        // Then
        assertThat(throttle.delay(stranger(1), now)).isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(throttle.delay(attempt(stranger(1), "alice", Standing.LISTED), now))
                .isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(throttle.delay(stranger(2), now)).isZero();
    }

    @Test
    void oneNameMayBeGuessedAtSoOftenFromHoweverManyPlaces() {
        // When
        int made = 0;
        for (int i = 0; i < 100_000; i++) {
            made += guess(attempt(stranger(i), "alice", Standing.OTHER)) ? 1 : 0;
        }
        // Then
        assertThat(made).isEqualTo(30);
        assertThat(throttle.delay(attempt(stranger(-1), "alice", Standing.OTHER), now))
                .isEqualTo(SHARE_OF_A_NAME);
    }

    @Test
    void inAnHourOfGuessingOnePlaceMakesTenGuessesAndThenOneEachShare() {
        // When
        int made = 0;
        for (int second = 0; second < 3600; second++) {
            made += guesses(100, attempt(stranger(1), "alice", Standing.OTHER));
            now = now.plusSeconds(1);
        }
        // Then
        assertThat(made).isBetween(600, 610);
    }

    @Test
    void whoWaitsAsLongAsSaidMayTryAgain() {
        // Given
        Attempt attempt = attempt(stranger(1), "alice", Standing.OTHER);
        guesses(10, attempt);
        // When
        now = now.plus(throttle.delay(attempt, now));
        // Then
        assertThat(guess(attempt)).isTrue();
        assertThat(guess(attempt)).isFalse();
    }

    @Test
    void askingInVainMakesTheWaitNoLonger() {
        // Given
        Attempt attempt = attempt(stranger(1), "alice", Standing.OTHER);
        guesses(10, attempt);
        Duration delay = throttle.delay(attempt, now);
        // When
        guesses(10_000, attempt);
        // Then
        assertThat(throttle.delay(attempt, now)).isEqualTo(delay);
    }

    // Nobody is locked out by a stranger

    @Test
    void strangersCannotLockOutWhomTheRulesListNotEvenAtAPlaceNeverSeenBefore() {
        // Given: a net of machines that never rests
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 1000; i++) {
                guess(attempt(stranger(i), "alice", Standing.OTHER));
            }
            // Then
            expectFree(attempt(OFFICE, "alice", Standing.LISTED));
            expectFree(attempt(BRANCH, "alice", Standing.LISTED));
            now = now.plusSeconds(60);
        }
    }

    @Test
    void whoIsListedAndWrongSlowsDownNobodyAtAFamiliarPlace() {
        // Given
        throttle.succeeded(OFFICE, "alice", now);
        assertThat(throttle.isFamiliar(OFFICE, "alice", now)).isTrue();
        // When
        for (int i = 0; i < 1000; i++) {
            guess(attempt(stranger(i), "alice", Standing.LISTED));
        }
        // Then: but whoever is elsewhere shares the limit, for nothing tells them apart
        expectFree(attempt(OFFICE, "alice", Standing.FAMILIAR));
        assertThat(throttle.delay(attempt(BRANCH, "alice", Standing.LISTED), now))
                .isPositive();
    }

    @Test
    void neighboursBehindTheSameAddressSlowDownNobodyWhoIsFamiliarThere() {
        // Given
        throttle.succeeded(OFFICE, "alice", now);
        // When
        for (int i = 0; i < 1000; i++) {
            guess(attempt(OFFICE, "mallory " + i, Standing.LISTED));
            throttle.failed(OFFICE, now);
        }
        // Then
        expectFree(attempt(OFFICE, "alice", Standing.FAMILIAR));
        assertThat(throttle.isFamiliar(OFFICE, "bob", now)).isFalse();
        assertThat(throttle.delay(attempt(OFFICE, "bob", Standing.LISTED), now)).isPositive();
    }

    @Test
    void aNameThatIsWrongAtAFamiliarPlaceWaitsThereAndNowhereElse() {
        // Given
        throttle.succeeded(OFFICE, "alice", now);
        // When
        int made = guesses(100, attempt(OFFICE, "alice", Standing.FAMILIAR));
        // Then
        assertThat(made).isEqualTo(10);
        assertThat(throttle.delay(attempt(OFFICE, "alice", Standing.FAMILIAR), now))
                .isEqualTo(SHARE_OF_A_SOURCE);
        expectFree(attempt(OFFICE, "bob", Standing.LISTED));
        expectFree(attempt(BRANCH, "alice", Standing.LISTED));
        expectFree(attempt(BRANCH, "alice", Standing.FAMILIAR));
        assertThat(throttle.delay(OFFICE, now)).isZero();
    }

    @Test
    void signingInForgivesNothing() {
        // Given: somebody with an account of their own
        guesses(10, attempt(stranger(1), "alice", Standing.OTHER));
        // When
        throttle.succeeded(stranger(1), "mallory", now);
        // Then
        assertThat(throttle.delay(attempt(stranger(1), "alice", Standing.OTHER), now))
                .isPositive();
    }

    // Familiar places

    @Test
    void aPlaceIsFamiliarForADayAfterTheLastTime() {
        // Given
        throttle.succeeded(OFFICE, "alice", now);
        // Then
        now = now.plus(Throttle.FAMILIAR_FOR).minusSeconds(1);
        assertThat(throttle.isFamiliar(OFFICE, "alice", now)).isTrue();
        throttle.succeeded(OFFICE, "alice", now);
        now = now.plus(Throttle.FAMILIAR_FOR).minusSeconds(1);
        assertThat(throttle.isFamiliar(OFFICE, "alice", now)).isTrue();
        now = now.plusSeconds(1);
        assertThat(throttle.isFamiliar(OFFICE, "alice", now)).isFalse();
    }

    @Test
    void noNameIsFamiliarWhereAnotherIsNorAPlaceWhereAnotherPlaceIs() {
        // When
        throttle.succeeded(OFFICE, "alice", now);
        // Then
        assertThat(throttle.isFamiliar(OFFICE, "Alice", now)).isFalse();
        assertThat(throttle.isFamiliar(OFFICE, "", now)).isFalse();
        assertThat(throttle.isFamiliar(BRANCH, "alice", now)).isFalse();
        assertThat(throttle.isFamiliar(new Origin("officea"), "lice", now)).isFalse();
    }

    @Test
    void aClockThatIsSetBackMakesNoPlaceFamiliarForEver() {
        // Given
        throttle.succeeded(OFFICE, "alice", now);
        // When
        now = now.minus(Duration.ofDays(365));
        // Then
        assertThat(throttle.isFamiliar(OFFICE, "alice", now)).isFalse();
        throttle.succeeded(OFFICE, "alice", now);
        assertThat(throttle.isFamiliar(OFFICE, "alice", now)).isTrue();
    }

    // Memory

    @Test
    void whoHasManyAddressesAndAPasswordCrowdsOutNoOtherNamesPlaces() {
        // Given
        for (int i = 0; i < 20; i++) {
            throttle.succeeded(OFFICE, "user " + i, now);
        }
        // When: a /32 of IPv6 addresses, one after the other
        for (int i = 0; i < 200_000; i++) {
            throttle.succeeded(stranger(i), "mallory", now.plusSeconds(1));
        }
        // Then: but for those that may share a set with mallory
        int familiar = 0;
        for (int i = 0; i < 20; i++) {
            familiar += throttle.isFamiliar(OFFICE, "user " + i, now) ? 1 : 0;
        }
        assertThat(familiar).isGreaterThanOrEqualTo(19);
    }

    @Test
    void aFloodOfPlacesDoesNotForgetTheNameThatIsGuessedAt() {
        // Given
        for (int i = 0; i < 30; i++) {
            guess(attempt(stranger(i), "alice", Standing.OTHER));
        }
        // When: as many failures as a server can answer in a few seconds
        for (int i = 0; i < 300_000; i++) {
            throttle.failed(stranger(i), now);
        }
        // Then
        assertThat(throttle.delay(attempt(stranger(-1), "alice", Standing.OTHER), now))
                .isPositive();
    }

    @Test
    void twoThrottlesOfDifferentSecretsAgree() {
        // Given
        Throttle other = new Throttle(LIMITS, new byte[] {3, 2, 1});
        // When
        for (int i = 0; i < 10; i++) {
            throttle.failed(OFFICE, now);
            other.failed(OFFICE, now);
        }
        // Then
        assertThat(throttle.delay(OFFICE, now))
                .isEqualTo(other.delay(OFFICE, now))
                .isPositive();
    }

    // Replicas

    private final List<Mark> told = new ArrayList<>();

    private Throttle replica(int number) {
        return new Throttle(LIMITS, new byte[] {(byte) number}, told::add);
    }

    private void tell(Throttle other) {
        told.forEach(mark -> other.learn(mark, now));
        told.clear();
    }

    @Test
    void whatIsWrongAtOneReplicaIsSlowedDownAtAnother() {
        // Given
        Throttle one = replica(1);
        Throttle other = replica(2);
        for (int i = 0; i < 10; i++) {
            one.failed(attempt(stranger(1), "alice", Standing.OTHER), now);
        }
        assertThat(other.delay(stranger(1), now)).isZero();

        // When
        tell(other);

        // Then
        assertThat(other.delay(stranger(1), now)).isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(other.delay(attempt(stranger(1), "bob", Standing.LISTED), now))
                .isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(other.delay(attempt(stranger(2), "alice", Standing.OTHER), now))
                .isZero();
        assertThat(told).as("what is learned is not told again").isEmpty();
    }

    @Test
    void aNameIsCountedByAllReplicasTogether() {
        // Given
        Throttle one = replica(1);
        Throttle other = replica(2);
        for (int i = 0; i < 15; i++) {
            one.failed(attempt(stranger(i), "alice", Standing.LISTED), now);
            other.failed(attempt(stranger(100 + i), "alice", Standing.LISTED), now);
        }

        // When
        List<Mark> all = List.copyOf(told);
        all.forEach(mark -> one.learn(mark, now));

        // Then: its own fifteen twice, which is thirty, and the other's
        assertThat(one.delay(attempt(stranger(200), "alice", Standing.LISTED), now))
                .isPositive();
        assertThat(one.delay(attempt(stranger(200), "alice", Standing.OTHER), now))
                .isZero();
        assertThat(other.delay(attempt(stranger(200), "alice", Standing.LISTED), now))
                .isZero();
    }

    @Test
    void whereANameHasSignedInAtOneReplicaItIsFamiliarAtAnother() {
        // Given
        Throttle one = replica(1);
        Throttle other = replica(2);
        one.succeeded(OFFICE, "alice", now);
        one.succeeded(OFFICE, "alice", now.plusSeconds(60));
        assertThat(told).hasSize(1);

        // When
        tell(other);

        // Then
        assertThat(other.isFamiliar(OFFICE, "alice", now)).isTrue();
        assertThat(other.isFamiliar(BRANCH, "alice", now)).isFalse();
        assertThat(other.isFamiliar(OFFICE, "bob", now)).isFalse();
        assertThat(other.isFamiliar(OFFICE, "alice", now.plus(Throttle.FAMILIAR_FOR)))
                .isFalse();
        for (int i = 0; i < 10; i++) {
            one.failed(attempt(OFFICE, "alice", Standing.FAMILIAR), now);
        }
        tell(other);
        assertThat(other.delay(attempt(OFFICE, "alice", Standing.FAMILIAR), now))
                .isEqualTo(SHARE_OF_A_SOURCE);
        assertThat(other.delay(OFFICE, now)).isZero();
    }

    @Test
    void whatWasWrongLongAgoIsMadeUpFor() {
        // Given
        Throttle one = replica(1);
        Throttle other = replica(2);
        for (int i = 0; i < 10; i++) {
            one.failed(stranger(1), now);
        }

        // When: a replica that starts later reads what was said before
        told.forEach(mark -> other.learn(mark, now.minusSeconds(59)));

        // Then
        assertThat(other.delay(stranger(1), now)).isZero();
    }
}
