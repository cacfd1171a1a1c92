package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditLog.Taken;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of lines: written whole and in order, or lost and counted; and nobody waits. */
class AuditLogTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicInteger writes = new AtomicInteger();

    private Taken keep(byte[] lines, int length) {
        synchronized (written) {
            written.write(lines, 0, length);
        }
        writes.incrementAndGet();
        return Taken.ALL;
    }

    private String written() {
        synchronized (written) {
            return written.toString(StandardCharsets.US_ASCII);
        }
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(1);
        }
    }

    @Test
    void aLineIsWrittenWithoutWaitingForMore() throws Exception {
        try (AuditLog log = new AuditLog("test", this::keep)) {
            // When
            log.write(line("one"));
            await(() -> written().equals("one\n"));
            log.write(line("two"));

            // Then
            await(() -> written().equals("one\ntwo\n"));
            assertThat(log.lost()).isZero();
        }
    }

    @Test
    void manyLinesAreWrittenInOrderWithFewWrites() throws Exception {
        // Given
        List<String> lines =
                IntStream.range(0, 10_000).mapToObj(i -> "line " + i).toList();
        try (AuditLog log = new AuditLog("test", this::keep)) {
            // When
            lines.forEach(text -> log.write(line(text)));
            await(() -> written().endsWith("line 9999\n"));

            // Then
            assertThat(written()).isEqualTo(lines.stream().collect(Collectors.joining("\n", "", "\n")));
            assertThat(writes.get()).isLessThan(5_000);
            assertThat(log.lost()).isZero();
        }
    }

    @Test
    void aLineThatIsLongerThanABatchIsWrittenWholeAndInItsPlace() throws Exception {
        // Given
        String longer = "x".repeat(200_000);
        try (AuditLog log = new AuditLog("test", this::keep)) {
            // When
            log.write(line("before"));
            log.write(line(longer));
            log.write(line("y".repeat(65_530)));
            log.write(line("after"));

            // Then
            await(() -> written().endsWith("after\n"));
            assertThat(written()).isEqualTo("before\n" + longer + "\n" + "y".repeat(65_530) + "\nafter\n");
        }
    }

    /** A sink that says when it hangs, and keeps what it is given once it is set free. */
    private AuditLog.Sink hangs(CountDownLatch hanging, CountDownLatch free) {
        return (lines, length) -> {
            hanging.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                return new Taken.Never("interrupted");
            }
            return keep(lines, length);
        };
    }

    @Test
    void whileTheSinkHangsNobodyWaitsAndWhatFindsNoRoomIsCounted() throws Exception {
        // Given
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (AuditLog log = new AuditLog("test", hangs(hanging, free))) {
            log.write(line("first"));
            hanging.await();

            // When
            for (int i = 0; i < AuditLog.MOST_LINES + 100; i++) {
                log.write(line("line " + i));
            }

            // Then: as many as there is room for are kept, the first of them
            assertThat(log.lost()).isEqualTo(100);
            free.countDown();
            await(() -> written().endsWith("line " + (AuditLog.MOST_LINES - 1) + "\n"));
            log.write(line("later"));
            await(() -> written().endsWith("later\n"));
            assertThat(log.lost()).isEqualTo(100);
        }
    }

    @Test
    void whatWaitsIsBoundedInSizeToo() throws Exception {
        // Given
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (AuditLog log = new AuditLog("test", hangs(hanging, free))) {
            log.write(line("first"));
            hanging.await();
            byte[] mebibyte = new byte[1024 * 1024];

            // When
            for (int i = 0; i < 20; i++) {
                log.write(mebibyte);
            }

            // Then
            assertThat(log.lost()).isEqualTo(5);
            free.countDown();
            await(() -> written().length() == 6 + 15 * mebibyte.length);
            log.write(mebibyte);
            await(() -> written().length() == 6 + 16 * mebibyte.length);
        }
    }

    @Test
    void whatTheSinkNeverTakesIsCountedAndTheNextIsOffered() throws Exception {
        // Given
        AtomicInteger calls = new AtomicInteger();
        try (AuditLog log = new AuditLog("test", (lines, length) -> switch (calls.incrementAndGet()) {
            case 1 -> new Taken.Never("not this");
            case 2 -> throw new IllegalStateException("broken");
            default -> keep(lines, length);
        })) {
            // When
            log.write(line("one"));
            await(() -> log.lost() == 1);
            log.write(line("two"));
            await(() -> log.lost() == 2);
            assertThat(log.trouble()).contains("IllegalStateException");
            log.write(line("three"));

            // Then
            await(() -> written().equals("three\n"));
            await(() -> log.trouble().isEmpty());
            assertThat(log.lost()).isEqualTo(2);
        }
    }

    @Test
    void whatTheSinkDoesNotTakeNowIsOfferedAgainAndNothingIsLost() throws Exception {
        // Given
        AtomicInteger calls = new AtomicInteger();
        try (AuditLog log = new AuditLog(
                "test",
                (lines, length) -> calls.incrementAndGet() < 5 ? new Taken.Later("full") : keep(lines, length),
                Duration.ofMillis(1),
                Duration.ofMillis(4))) {
            // When
            log.write(line("one"));
            await(() -> log.trouble().equals(Optional.of("full")));
            log.write(line("two"));

            // Then
            await(() -> written().equals("one\ntwo\n"));
            assertThat(log.lost()).isZero();
        }
    }

    @Test
    void whileTheSinkTakesNothingWhatFindsNoRoomIsCountedAndItGoesOnOnceItDoes() throws Exception {
        // Given
        AtomicBoolean gone = new AtomicBoolean(true);
        CountDownLatch refused = new CountDownLatch(1);
        try (AuditLog log = new AuditLog(
                "test",
                (lines, length) -> {
                    if (gone.get()) {
                        refused.countDown();
                        return new Taken.Later("gone");
                    }
                    return keep(lines, length);
                },
                Duration.ofMillis(1),
                Duration.ofMillis(4))) {
            log.write(line("first"));
            refused.await();

            // When
            for (int i = 0; i < AuditLog.MOST_LINES + 7; i++) {
                log.write(line("line " + i));
            }
            long lost = log.lost();
            gone.set(false);

            // Then
            assertThat(lost).isEqualTo(7);
            await(() -> written().endsWith("line " + (AuditLog.MOST_LINES - 1) + "\n"));
            assertThat(written()).startsWith("first\nline 0\n");
            assertThat(log.lost()).isEqualTo(7);
        }
    }

    @Test
    void whatASinkKeepsOfManyIsCountedWithoutTheRest() throws Exception {
        try (AuditLog log = new AuditLog("test", (lines, length) -> new Taken.Kept(1))) {
            // When
            log.write(line("one"));

            // Then
            await(() -> log.lost() == 1);
        }
    }

    @Test
    void anEndLosesWhatTheSinkStillDoesNotTakeAndCountsIt() throws Exception {
        // Given
        CountDownLatch refused = new CountDownLatch(1);
        AuditLog log = new AuditLog("test", (lines, length) -> {
            refused.countDown();
            return new Taken.Later("gone");
        });
        log.write(line("one"));
        refused.await();
        log.write(line("two"));

        // When
        log.close();

        // Then
        assertThat(log.lost()).isEqualTo(2);
    }

    @Test
    void whatWaitsIsWrittenAtTheEndAndNothingAfterIt() {
        // Given
        AuditLog log = new AuditLog("test", this::keep);
        for (int i = 0; i < 5_000; i++) {
            log.write(line("line " + i));
        }

        // When
        log.close();
        log.write(line("too late"));

        // Then
        assertThat(written()).endsWith("line 4999\n");
        assertThat(written().lines()).hasSize(5_000);
        assertThat(log.lost()).isEqualTo(1);
    }

    @Test
    void ofSeveralEachHasItsEndWhateverAnotherDoes() {
        // Given
        CountDownLatch free = new CountDownLatch(1);
        AuditLog hanging = new AuditLog("hanging", hangs(new CountDownLatch(1), free));
        AuditLog other = new AuditLog("other", this::keep);
        hanging.write(line("one"));
        other.write(line("two"));

        // When
        AuditLog.closeAll(List.of(hanging, other));
        String kept = written();
        free.countDown();

        // Then
        assertThat(kept).isEqualTo("two\n");
    }

    @Test
    void anEndDoesNotWaitForASinkThatHangs() {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        AuditLog log = new AuditLog("test", (lines, length) -> {
            while (never.getCount() > 0) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    continue;
                }
            }
            return new Taken.Never("late");
        });
        log.write(line("one"));

        // When
        Instant begin = Instant.now();
        log.close();

        // Then
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
        never.countDown();
    }
}
