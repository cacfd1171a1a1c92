package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.PasswordChecks.Check;
import dev.postern.identity.PasswordChecks.Finding;
import dev.postern.policy.BcryptHash;
import dev.postern.throttle.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** bcrypt against hashes that others have made; who waits for how long, and who goes first. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BcryptWorkersTest {

    private static final String HASH_OF_A = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

    private final CountDownLatch gate = new CountDownLatch(1);
    private BcryptWorkers workers = new BcryptWorkers(Duration.ofMinutes(1));

    @AfterEach
    void stop() {
        gate.countDown();
        workers.close();
    }

    private Finding find(String password, String hash) {
        return workers.check(new Check(password, hash, BcryptHash.MIN_COST, Standing.LISTED, () -> true))
                .join();
    }

    private CompletableFuture<Finding> later(Standing standing) {
        return workers.check(new Check("a", HASH_OF_A, BcryptHash.MIN_COST, standing, () -> true));
    }

    /** Has all workers wait until the gate is open. */
    private void occupy() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        CountDownLatch busy = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            CompletableFuture<Finding> unused =
                    workers.check(new Check("a", HASH_OF_A, BcryptHash.MIN_COST, Standing.FAMILIAR, () -> {
                        busy.countDown();
                        return await(gate);
                    }));
        }
        await(busy);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // Right and wrong

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
        assertThat(find(password, hash)).isEqualTo(Finding.MATCHES);
        assertThat(find(password + "x", hash)).isEqualTo(Finding.DIFFERS);
        assertThat(find(password.substring(1), hash)).isEqualTo(Finding.DIFFERS);
        assertThat(find(password.toUpperCase(Locale.ROOT) + " ", hash)).isEqualTo(Finding.DIFFERS);
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
        assertThat(find(longest, hash)).isEqualTo(Finding.MATCHES);
        assertThat(find(longest.substring(1), hash)).isEqualTo(Finding.DIFFERS);
    }

    @Test
    void aWrongPasswordStaysWrongWhateverElseItIsMadeToCost() {
        // When
        Finding wrong = workers.check(new Check("b", HASH_OF_A, 9, Standing.LISTED, () -> true))
                .join();
        Finding right = workers.check(new Check("a", HASH_OF_A, 9, Standing.LISTED, () -> true))
                .join();
        // Then
        assertThat(wrong).isEqualTo(Finding.DIFFERS);
        assertThat(right).isEqualTo(Finding.MATCHES);
    }

    // Waiting

    @ParameterizedTest
    @EnumSource(Standing.class)
    void whoFindsNoRoomToWaitIsRefusedAtOnceAndTheOthersAreChecked(Standing standing) {
        // Given
        occupy();
        // When
        List<CompletableFuture<Finding>> fits = IntStream.range(0, BcryptWorkers.ROOM)
                .mapToObj(i -> later(standing))
                .toList();
        CompletableFuture<Finding> oneMore = later(standing);
        // Then
        assertThat(oneMore).isCompletedWithValue(Finding.OVERLOADED);
        assertThat(fits).noneMatch(CompletableFuture::isDone);
        gate.countDown();
        assertThat(fits).allSatisfy(check -> assertThat(check.join()).isEqualTo(Finding.MATCHES));
        assertThat(later(standing).join()).isEqualTo(Finding.MATCHES);
    }

    @Test
    void strangersTakeNoRoomFromThoseWhoAreListedOrFamiliar() {
        // Given
        occupy();
        for (int i = 0; i < 10 * BcryptWorkers.ROOM; i++) {
            CompletableFuture<Finding> unused = later(Standing.OTHER);
        }
        // When
        CompletableFuture<Finding> listed = later(Standing.LISTED);
        CompletableFuture<Finding> familiar = later(Standing.FAMILIAR);
        // Then
        gate.countDown();
        assertThat(listed.join()).isEqualTo(Finding.MATCHES);
        assertThat(familiar.join()).isEqualTo(Finding.MATCHES);
    }

    @Test
    void theBetterKnownGoFirstAndWithinAStandingWhoCameFirst() {
        // Given
        occupy();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Finding>> checks = new ArrayList<>();
        for (String each : List.of("OTHER 1", "OTHER 2", "LISTED 1", "FAMILIAR 1", "LISTED 2", "FAMILIAR 2")) {
            Standing standing = Standing.valueOf(each.split(" ")[0]);
            checks.add(workers.check(new Check("a", HASH_OF_A, 4, standing, () -> order.add(each))));
        }
        // When
        gate.countDown();
        checks.forEach(CompletableFuture::join);
        // Then: with several workers, neighbours may change places
        assertThat(order.stream().map(each -> each.split(" ")[0]))
                .startsWith("FAMILIAR")
                .endsWith("OTHER");
        if (Runtime.getRuntime().availableProcessors() < 4) {
            assertThat(order).containsExactly("FAMILIAR 1", "FAMILIAR 2", "LISTED 1", "LISTED 2", "OTHER 1", "OTHER 2");
        }
    }

    @Test
    void whatIsNoLongerWantedWhenItsTurnComesIsNotChecked() {
        // When
        Finding finding = workers.check(new Check("a", HASH_OF_A, 4, Standing.LISTED, () -> false))
                .join();
        // Then
        assertThat(finding).isEqualTo(Finding.NOT_WANTED);
    }

    @Test
    void whoseTurnDoesNotComeInTimeIsRefusedAndMakesRoom() {
        // Given
        workers.close();
        workers = new BcryptWorkers(Duration.ofMillis(200));
        occupy();
        List<CompletableFuture<Finding>> waiting = IntStream.range(0, BcryptWorkers.ROOM)
                .mapToObj(i -> later(Standing.LISTED))
                .toList();
        // When, Then
        assertThat(waiting).allSatisfy(check -> assertThat(check.join()).isEqualTo(Finding.OVERLOADED));
        CompletableFuture<Finding> next = later(Standing.LISTED);
        assertThat(next).isNotDone();
        gate.countDown();
        assertThat(next.join()).isEqualTo(Finding.MATCHES);
    }

    @Test
    void whenTheyHaveGoneHomeNobodyWaits() {
        // Given
        workers.close();
        // Then
        assertThat(later(Standing.LISTED)).isCompletedWithValue(Finding.OVERLOADED);
    }

    @Test
    void theTextOfACheckHoldsNoSecret() {
        assertThat(new Check("TopSecret", HASH_OF_A, 4, Standing.LISTED, () -> true).toString())
                .doesNotContain("TopSecret", HASH_OF_A);
    }
}
