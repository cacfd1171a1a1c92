package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** bcrypt against hashes that others have made, and the bound of the queue. */
class BcryptWorkersTest {

    private final BcryptWorkers workers = new BcryptWorkers();

    @AfterEach
    void stop() {
        workers.close();
    }

    /** The $2a$06 rows are jBCrypt's, those of $2a$05 Openwall's, the others those of libxcrypt's crypt(3). */
    @ParameterizedTest
    @CsvSource({
        "a, $2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe",
        "abc, $2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "abcdefghijklmnopqrstuvwxyz, $2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC",
        "U*U, $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "U*U*U, $2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a",
        "pässwörd €, $2a$04$......................Tm4ZFLwKnnowy0nHqKyRchitTSj4vLG",
        "correct horse, $2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2",
        "correct horse, $2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
    })
    void aHashOfAnotherProgramMatchesItsPasswordOnly(String password, String hash) {
        assertThat(workers.matches(password, hash).join()).isTrue();
        assertThat(workers.matches(password + "x", hash).join()).isFalse();
        assertThat(workers.matches(password.substring(1), hash).join()).isFalse();
        assertThat(workers.matches(password.toUpperCase(Locale.ROOT) + " ", hash)
                        .join())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "x, $2y$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
        "€, $2y$04$abcdefghijklmnopqrstuuLMnfsIcwrd9XOzJ8Re069XuK/iLtljS"
    })
    void aPasswordOf72BytesIsCheckedInFull(String unit, String hash) {
        // Given
        String longest = unit.repeat(unit.equals("€") ? 24 : 72);
        // Then
        assertThat(workers.matches(longest, hash).join()).isTrue();
        assertThat(workers.matches(longest.substring(1), hash).join()).isFalse();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void moreChecksThanCanWaitAreRefusedAndTheOthersMade() {
        // Given
        String hash = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
        // When
        List<CompletableFuture<Boolean>> checks = IntStream.range(0, 2_000)
                .mapToObj(i -> workers.matches("a", hash))
                .toList();
        // Then
        List<CompletableFuture<Boolean>> refused = checks.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .toList();
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check)
                        .isCompletedExceptionally()
                        .failsWithin(0, TimeUnit.SECONDS)
                        .withThrowableThat()
                        .withCauseInstanceOf(PasswordChecks.Overloaded.class));
        assertThat(checks.stream().filter(check -> !refused.contains(check)))
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check.join()).isTrue());
    }
}
