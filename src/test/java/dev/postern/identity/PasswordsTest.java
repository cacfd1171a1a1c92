package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.Throttled;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.identity.Credentials.UserPassword;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.testing.Authenticators;
import dev.postern.throttle.Limits;
import dev.postern.throttle.Origin;
import dev.postern.throttle.Standing;
import dev.postern.throttle.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered of passwords, and who must wait after how many were wrong. */
class PasswordsTest {

    private static final String KEY = "postern_0123456789012345678901234567890123456789012";
    private static final String HASH = "$2y$06$0123456789012345678901234567890123456789012345678901.";
    private static final String COSTLY_HASH = "$2y$11$0123456789012345678901234567890123456789012345678901.";

    private static final String TEXT = """
            accounts:
              acme:
                service-ids: { bot: { api-keys: [{ id: k1, digest: "sha-256:%s" }] } }
                users: { alice: { password: "%s" }, bob: { password: "%s" } }
              other:
                users: { carol: { password: "%s" } }
            """.formatted(ApiKeys.digest(KEY), HASH, HASH, COSTLY_HASH);

    private static final Policy POLICY = policy(TEXT);

    /** Finds one password right, at once or when it is told to. */
    private static final class Checks implements PasswordChecks {
        private final List<Check> asked = new ArrayList<>();
        private final List<CompletableFuture<Finding>> waiting = new ArrayList<>();
        private boolean busy;

        @Override
        public CompletableFuture<Finding> check(Check check) {
            asked.add(check);
            CompletableFuture<Finding> finding = new CompletableFuture<>();
            waiting.add(finding);
            if (!busy) {
                next();
            }
            return finding;
        }

        /** Makes the check whose turn it is. */
        void next() {
            Check check = asked.get(asked.size() - waiting.size());
            waiting.removeFirst()
                    .complete(
                            !check.wanted().getAsBoolean()
                                    ? Finding.NOT_WANTED
                                    : check.password().equals("right") ? Finding.MATCHES : Finding.DIFFERS);
        }
    }

    /** From this place; the accounts of these names expect it. */
    private record From(Origin origin, Set<String> listedBy) implements Caller {
        From(String place, String... accounts) {
            this(new Origin(place), Set.of(accounts));
        }

        @Override
        public boolean isListedBy(Account account) {
            return listedBy.contains(account.name());
        }
    }

    private static final Caller OFFICE = new From("office", "acme");

    private final Checks checks = new Checks();
    private final Authenticators.Remembering verified = new Authenticators.Remembering();
    private Instant now = Instant.parse("2026-06-15T12:00:00Z");
    private final Throttle throttle = new Throttle(new Limits(Duration.ofMinutes(1), 10, 30), new byte[] {1});
    private final Authenticator authenticator = new Authenticator(checks, verified, throttle, () -> now);

    private static Caller stranger(int number) {
        return new From("stranger " + number);
    }

    private CompletableFuture<Authentication> ask(Policy policy, Caller caller, String login, String password) {
        return authenticator.authenticate(policy, new UserPassword(login, password), caller);
    }

    private Authentication authenticate(Caller caller, String login, String password) {
        return ask(POLICY, caller, login, password).join();
    }

    private void fail(int times, Caller caller, String login) {
        for (int i = 0; i < times; i++) {
            authenticate(caller, login, "wrong " + i);
        }
    }

    // What is remembered

    @Test
    void aPasswordThatWasRightIsNotCheckedAgain() {
        // Given
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Authenticated.class);
        // When
        Authentication again = authenticate(OFFICE, "alice", "right");
        Authentication elsewhere = authenticate(stranger(1), "alice", "right");
        // Then
        assertThat(again).isInstanceOf(Authenticated.class);
        assertThat(elsewhere).isInstanceOf(Authenticated.class);
        assertThat(checks.asked).hasSize(1);
    }

    @Test
    void aWrongPasswordIsCheckedEachTime() {
        // When
        authenticate(OFFICE, "alice", "wrong");
        authenticate(OFFICE, "alice", "wrong");
        // Then
        assertThat(checks.asked).hasSize(2);
        assertThat(verified.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"alice, wrong", "bob, right", "acme/alice, right", "Alice, right", "alic, eright", "nobody, right"})
    void nothingElseIsRightBecauseOfIt(String login, String password) {
        // Given
        authenticate(OFFICE, "alice", "right");
        // When
        authenticate(OFFICE, login, password);
        // Then
        assertThat(checks.asked).hasSize(2);
    }

    @Test
    void anotherHashIsAnotherCheck() {
        // Given
        authenticate(OFFICE, "alice", "right");
        Policy changed = policy(TEXT.replace("alice: { password: \"" + HASH, "alice: { password: \"" + COSTLY_HASH));
        // When
        ask(changed, OFFICE, "alice", "right").join();
        // Then
        assertThat(checks.asked).hasSize(2);
        assertThat(checks.asked.getLast().hash()).isEqualTo(COSTLY_HASH);
    }

    @Test
    void whoIsRemovedFromThePolicyIsRejectedWhateverIsRemembered() {
        // Given
        authenticate(OFFICE, "alice", "right");
        Policy without = policy(TEXT.replace("alice:", "alicia:"));
        // Then
        assertThat(ask(without, OFFICE, "alice", "right").join()).isEqualTo(new Rejected());
    }

    @Test
    void nobodysHashIsNeverRememberedAsRight() {
        // Given: a check that would find anything right
        Authenticator lenient = new Authenticator(
                check -> CompletableFuture.completedFuture(PasswordChecks.Finding.MATCHES),
                verified,
                throttle,
                () -> now);
        for (int i = 0; i < 2; i++) {
            // Then
            assertThat(lenient.authenticate(POLICY, new UserPassword("nobody", "right"), OFFICE)
                            .join())
                    .isEqualTo(new Rejected());
        }
    }

    // Made once, however many ask

    @Test
    void manyWhoAskAtTheSameTimeCostOneCheck() {
        // Given
        checks.busy = true;
        List<CompletableFuture<Authentication>> outcomes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            outcomes.add(ask(POLICY, new From("node " + i, "acme"), "alice", "right"));
        }
        // When
        checks.next();
        // Then
        assertThat(checks.asked).hasSize(1);
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.join()).isInstanceOf(Authenticated.class));
    }

    @Test
    void theSameWrongGuessFromManyPlacesFailsForEachOfThem() {
        // Given
        checks.busy = true;
        List<CompletableFuture<Authentication>> outcomes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            outcomes.add(ask(POLICY, stranger(i), "alice", "wrong"));
        }
        // When
        checks.next();
        // Then
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.join()).isEqualTo(new Rejected()));
        assertThat(authenticate(stranger(99), "alice", "wrong")).isInstanceOf(Throttled.class);
    }

    @Test
    void strangersDoNotShareTheChecksOfThoseWhoAreListed() {
        // Given
        checks.busy = true;
        // When
        ask(POLICY, stranger(1), "alice", "right");
        ask(POLICY, OFFICE, "alice", "right");
        // Then
        assertThat(checks.asked.stream().map(PasswordChecks.Check::standing))
                .containsExactly(Standing.OTHER, Standing.LISTED);
    }

    @Test
    void aCheckThatBreaksIsUnavailableAndMadeAfreshTheNextTime() {
        // Given
        List<CompletableFuture<PasswordChecks.Finding>> made = new ArrayList<>();
        Authenticator broken = new Authenticator(
                check -> {
                    made.add(CompletableFuture.failedFuture(new IllegalStateException("no such thing")));
                    return made.getLast();
                },
                verified,
                throttle,
                () -> now);
        for (int i = 1; i <= 2; i++) {
            // When
            Authentication outcome = broken.authenticate(POLICY, new UserPassword("alice", "right"), OFFICE)
                    .join();
            // Then
            assertThat(outcome).isInstanceOf(Unavailable.class);
            assertThat(made).hasSize(i);
        }
    }

    // How long it takes tells nobody who there is

    @ParameterizedTest
    @ValueSource(strings = {"alice", "other/carol", "nobody", "bot", "other/nobody", "nowhere/alice"})
    void aWrongPasswordTakesTheWorkOfTheSlowestHashForEverybody(String login) {
        // When
        authenticate(OFFICE, login, "wrong");
        // Then
        assertThat(checks.asked)
                .singleElement()
                .satisfies(check -> assertThat(check.costIfWrong()).isEqualTo(11));
    }

    // Too many failures

    @Test
    void aPlaceThatIsWrongTooOftenIsNotCheckedAnyMore() {
        // Given
        fail(10, stranger(1), "alice");
        // When
        Authentication outcome = authenticate(stranger(1), "bob", "right");
        // Then
        assertThat(outcome).isEqualTo(new Throttled(Duration.ofSeconds(6)));
        assertThat(checks.asked).hasSize(10);
        now = now.plusSeconds(6);
        assertThat(authenticate(stranger(1), "bob", "right")).isInstanceOf(Authenticated.class);
    }

    @Test
    void wrongApiKeysCountForThePlaceAndTheRightOneIsAlwaysLetIn() {
        // Given
        for (int i = 0; i < 10; i++) {
            assertThat(authenticate(OFFICE, "iamapikey", "postern_" + i)).isEqualTo(new Rejected());
        }
        // Then
        assertThat(authenticate(OFFICE, "iamapikey", "postern_x")).isInstanceOf(Throttled.class);
        assertThat(authenticate(OFFICE, "iamapikey", "")).isInstanceOf(Throttled.class);
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Throttled.class);
        for (String login : List.of("iamapikey", "bot", "acme/bot")) {
            assertThat(authenticate(OFFICE, login, KEY)).isInstanceOf(Authenticated.class);
        }
        assertThat(checks.asked).isEmpty();
    }

    @Test
    void theAnonymousAreNeverThrottled() {
        // Given
        fail(20, OFFICE, "alice");
        // Then
        assertThat(authenticator.authenticate(POLICY, new Credentials.None(), OFFICE))
                .isCompletedWithValue(new Authenticated(new Identity.Anonymous()));
    }

    @Test
    void aPasswordThatIsKnownToBeRightIsLetInHoweverOftenNeighboursAreWrong() {
        // Given
        authenticate(OFFICE, "alice", "right");
        fail(20, OFFICE, "mallory");
        fail(20, OFFICE, "alice");
        // Then
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Authenticated.class);
        assertThat(authenticate(OFFICE, "bob", "right")).isInstanceOf(Throttled.class);
    }

    @Test
    void whoSignedInThereLatelyIsCheckedHoweverOftenNeighboursAreWrong() {
        // Given
        authenticate(OFFICE, "alice", "right");
        verified.forget();
        fail(20, OFFICE, "mallory");
        // Then
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Authenticated.class);
    }

    @Test
    void strangersCannotLockOutAListedCallerAtAPlaceThatWasNeverSeen() {
        // Given: a net of machines, none of which the account lists
        for (int i = 0; i < 5_000; i++) {
            authenticate(stranger(i), "alice", "wrong " + i);
        }
        assertThat(checks.asked).hasSize(30);
        assertThat(authenticate(stranger(-1), "alice", "right")).isInstanceOf(Throttled.class);
        // Then
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Authenticated.class);
        assertThat(authenticate(new From("branch", "acme"), "alice", "right")).isInstanceOf(Authenticated.class);
    }

    @Test
    void whoIsListedByAnotherAccountIsAStrangerHere() {
        // Given
        for (int i = 0; i < 100; i++) {
            authenticate(new From("tenant " + i, "other"), "alice", "wrong");
        }
        // Then
        assertThat(authenticate(new From("tenant", "other"), "alice", "right")).isInstanceOf(Throttled.class);
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Authenticated.class);
    }

    @Test
    void anUnknownNameIsThrottledAsAKnownOneIs() {
        // Given
        List<String> known = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            known.add(kind(authenticate(new From("a" + i, "acme", "other"), "alice", "wrong " + i)));
            unknown.add(kind(authenticate(new From("b" + i, "acme", "other"), "nobody", "wrong " + i)));
        }
        for (int i = 0; i < 100; i++) {
            known.add(kind(authenticate(stranger(i), "alice", "wrong " + i)));
            unknown.add(kind(authenticate(stranger(100 + i), "nobody", "wrong " + i)));
        }
        // Then
        assertThat(unknown).isEqualTo(known).contains("Rejected", "Throttled");
    }

    @Test
    void aNameThatNobodyHasCountsByTheRulesOfTheAccountThatItNames() {
        // Given
        for (int i = 0; i < 100; i++) {
            authenticate(stranger(i), "acme/nobody", "wrong");
        }
        // Then
        assertThat(authenticate(stranger(-1), "acme/nobody", "wrong")).isInstanceOf(Throttled.class);
        assertThat(authenticate(OFFICE, "acme/nobody", "wrong")).isEqualTo(new Rejected());
    }

    @Test
    void whatWasSentAllAtOnceIsJudgedAgainWhenItsTurnComes() {
        // Given
        checks.busy = true;
        List<CompletableFuture<Authentication>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            outcomes.add(ask(POLICY, stranger(1), "alice", "wrong " + i));
        }
        // When
        while (!checks.waiting.isEmpty()) {
            checks.next();
        }
        // Then
        assertThat(outcomes.stream().map(outcome -> kind(outcome.join())).filter("Rejected"::equals))
                .hasSize(10);
        assertThat(outcomes.getLast().join()).isEqualTo(new Throttled(Duration.ofSeconds(6)));
    }

    @Test
    void overloadIsNoFailureOfTheCaller() {
        // Given
        Authenticator overloaded = new Authenticator(
                check -> CompletableFuture.completedFuture(PasswordChecks.Finding.OVERLOADED),
                verified,
                throttle,
                () -> now);
        for (int i = 0; i < 100; i++) {
            overloaded
                    .authenticate(POLICY, new UserPassword("alice", "right"), OFFICE)
                    .join();
        }
        // Then
        assertThat(authenticate(OFFICE, "alice", "right")).isInstanceOf(Authenticated.class);
    }

    private static String kind(Authentication authentication) {
        return authentication.getClass().getSimpleName();
    }

    private static Policy policy(String text) {
        return switch (new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }
}
