package dev.postern.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.oidc.IssuerKeys.Answered;
import dev.postern.identity.oidc.IssuerKeys.Found;
import dev.postern.identity.oidc.IssuerKeys.Has;
import dev.postern.identity.oidc.IssuerKeys.Keys;
import dev.postern.identity.oidc.IssuerKeys.Lacks;
import dev.postern.identity.oidc.IssuerKeys.Silent;
import dev.postern.identity.oidc.IssuerKeys.Unknown;
import dev.postern.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When an issuer is asked for its keys, and what is known meanwhile. */
class IssuerKeysTest {

    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final Duration REFRESH = Duration.ofMinutes(10);
    private static final Duration OLDEST = Duration.ofHours(24);
    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    private final Queue<Runnable> asked = new ArrayDeque<>();
    private int questions;
    private Answered answer = keys("a");
    private final IssuerKeys keys = new IssuerKeys(
            () -> {
                questions++;
                return answer;
            },
            new KeyPace(BETWEEN, REFRESH, OLDEST),
            asked::add);

    @Test
    void the_first_token_waits_for_the_first_answer() {
        // When
        CompletableFuture<Found> found = keys.withKey("a", START);

        // Then
        assertThat(found).isNotDone();
        answerAll();
        assertThat(found.join()).isInstanceOf(Has.class);
        assertThat(questions).isEqualTo(1);
    }

    @Test
    void a_key_at_hand_is_found_at_once() {
        // Given
        begin();

        // Then
        assertThat(keys.withKey("a", START.plusSeconds(1)).getNow(new Lacks())).isInstanceOf(Has.class);
        assertThat(questions).isEqualTo(1);
    }

    @Test
    void a_key_that_the_issuer_began_to_use_is_not_refused() {
        // Given
        begin();
        answer = keys("a", "b");

        // When: before it may be asked again
        CompletableFuture<Found> found = keys.withKey("b", START.plusSeconds(1));
        keys.tick(START.plusSeconds(4));
        answerAll();

        // Then
        assertThat(found).isNotDone();
        keys.tick(START.plusSeconds(5));
        answerAll();
        assertThat(found.join()).isInstanceOf(Has.class);
    }

    @Test
    void a_key_that_the_issuer_has_not_is_refused_once_it_was_asked() {
        // Given
        begin();

        // When
        CompletableFuture<Found> found = keys.withKey("x", START.plusSeconds(60));
        answerAll();

        // Then
        assertThat(found.join()).isEqualTo(new Lacks());
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void a_question_that_was_asked_before_a_token_came_does_not_refuse_it() {
        // Given: a question is under way
        begin();
        CompletableFuture<Found> early = keys.withKey("x", START.plusSeconds(60));
        CompletableFuture<Found> late = keys.withKey("b", START.plusSeconds(61));

        // When
        answerAll();

        // Then
        assertThat(early.join()).isEqualTo(new Lacks());
        assertThat(late).isNotDone();
        answer = keys("a", "b");
        keys.tick(START.plusSeconds(65));
        answerAll();
        assertThat(late.join()).isInstanceOf(Has.class);
    }

    @Test
    void keys_that_there_are_not_make_nobody_ask_more_often() {
        // Given
        begin();

        // When: a hundred a second for ten seconds
        for (int i = 0; i < 1_000; i++) {
            keys.withKey("x" + i, START.plusSeconds(60).plusMillis(i * 10L));
            if (i % 100 == 0) {
                keys.tick(START.plusSeconds(60).plusMillis(i * 10L));
            }
            answerAll();
        }

        // Then
        assertThat(questions - 1).isBetween(2, 3);
    }

    @Test
    void no_more_than_a_thousand_wait() {
        // Given
        begin();
        Instant now = START.plusSeconds(1);

        // When
        var found = IntStream.range(0, 1_001)
                .mapToObj(i -> keys.withKey("x" + i, now))
                .toList();

        // Then
        assertThat(found.subList(0, 1_000)).noneMatch(CompletableFuture::isDone);
        assertThat(found.getLast().join()).isInstanceOf(Unknown.class);
        assertThat(keys.withKey("a", now).join()).isInstanceOf(Has.class);
    }

    @Test
    void keys_at_hand_are_good_while_the_issuer_is_down() {
        // Given
        begin();
        answer = new Silent("is down");

        // When
        keys.tick(START.plus(REFRESH));
        answerAll();

        // Then
        assertThat(keys.trouble()).hasValue("is down");
        assertThat(keys.withKey("a", START.plus(OLDEST).minusSeconds(1)).join()).isInstanceOf(Has.class);
    }

    @Test
    void keys_that_are_too_old_are_not() {
        // Given
        begin();
        answer = new Silent("is down");

        // When
        CompletableFuture<Found> found = keys.withKey("a", START.plus(OLDEST));
        answerAll();

        // Then
        assertThat(found.join()).isEqualTo(new Unknown("is down"));
    }

    @Test
    void what_needs_other_keys_cannot_be_judged_while_the_issuer_is_down() {
        // Given
        begin();
        answer = new Silent("is down");

        // When
        CompletableFuture<Found> first = keys.withKey("b", START.plusSeconds(60));
        answerAll();

        // Then: the next is told at once, and asks nobody
        assertThat(first.join()).isEqualTo(new Unknown("is down"));
        assertThat(keys.withKey("b", START.plusSeconds(61)).getNow(new Lacks())).isEqualTo(new Unknown("is down"));
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void an_issuer_that_is_back_is_asked_again() {
        // Given
        answer = new Silent("is down");
        begin();
        answer = keys("a");

        // When
        CompletableFuture<Found> found = keys.withKey("a", START.plusSeconds(5));
        answerAll();

        // Then
        assertThat(found.join()).isInstanceOf(Has.class);
        assertThat(keys.trouble()).isEmpty();
    }

    @Test
    void a_key_that_the_issuer_took_back_is_refused_after_the_next_refresh() {
        // Given
        begin();
        answer = keys("b");

        // When
        keys.tick(START.plus(REFRESH));
        answerAll();
        CompletableFuture<Found> found = keys.withKey("a", START.plus(REFRESH).plusSeconds(10));
        answerAll();

        // Then
        assertThat(found.join()).isEqualTo(new Lacks());
    }

    @Test
    void a_source_that_breaks_leaves_nobody_waiting() {
        // Given
        IssuerKeys broken = new IssuerKeys(
                () -> {
                    throw new IllegalStateException("broken");
                },
                new KeyPace(BETWEEN, REFRESH, OLDEST),
                Runnable::run);

        // Then
        assertThat(broken.withKey("a", START).join()).isInstanceOf(Unknown.class);
    }

    private void begin() {
        keys.tick(START);
        answerAll();
    }

    private void answerAll() {
        for (Runnable question = asked.poll(); question != null; question = asked.poll()) {
            question.run();
        }
    }

    private static Answered keys(String... ids) {
        String jwks = TestIssuer.jwks(Arrays.stream(ids).map(TestIssuer::of).toArray(TestIssuer[]::new));
        return switch (KeySet.read(jwks.getBytes(StandardCharsets.UTF_8))) {
            case KeySet.Read read -> new Keys(read.keys());
            case KeySet.Unreadable unreadable -> throw new AssertionError(unreadable.why());
        };
    }
}
