package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.identity.Credentials.UserPassword;
import dev.postern.identity.PasswordChecks.Check;
import dev.postern.identity.PasswordChecks.Finding;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.testing.Authenticators;
import dev.postern.throttle.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials to identities, and how much is done for a wrong one. */
class AuthenticatorTest {

    private static final String KEY = "postern_0123456789012345678901234567890123456789012";
    private static final String OTHER_KEY = "postern_1123456789012345678901234567890123456789012";
    private static final String HASH = "$2y$06$0123456789012345678901234567890123456789012345678901.";
    private static final String COSTLY_HASH = "$2y$11$0123456789012345678901234567890123456789012345678901.";

    private static final Policy POLICY =
            policy("""
            accounts:
              acme:
                service-ids:
                  build-bot: {api-keys: [{id: k1, digest: "sha-256:%s"}]}
                  idle: {}
                users:
                  alice: {password: "%s"}
                  bob: {password: "%s"}
              other:
                service-ids:
                  build-bot: {api-keys: [{id: k2, digest: "sha-256:%s"}]}
                users:
                  bob: {password: "%s"}
            """.formatted(ApiKeys.digest(KEY), HASH, HASH, ApiKeys.digest(OTHER_KEY), COSTLY_HASH));

    /** Counts the checks, and finds one password right. */
    private static final class CountingChecks implements PasswordChecks {
        private final List<String> hashes = new ArrayList<>();

        @Override
        public CompletableFuture<Finding> check(Check check) {
            hashes.add(check.hash());
            return CompletableFuture.completedFuture(
                    check.password().equals("right") ? Finding.MATCHES : Finding.DIFFERS);
        }
    }

    private final CountingChecks checks = new CountingChecks();
    private final Authenticator authenticator = Authenticators.patient(checks);

    // No credentials, and those that are none

    @Test
    void withoutCredentialsTheCallerIsAnonymous() {
        assertThat(authenticate(new Credentials.None())).isEqualTo(new Authenticated(new Identity.Anonymous()));
        assertThat(new Identity.Anonymous().subject()).isEqualTo(Subject.ANONYMOUS);
    }

    @Test
    void credentialsThatCannotBeReadAreNotAnonymous() {
        assertThat(authenticate(new Credentials.Unsupported())).isEqualTo(new Rejected());
        assertThat(authenticate(new Credentials.Malformed("why"))).isEqualTo(new Rejected());
    }

    // API keys

    @ParameterizedTest
    @ValueSource(strings = {"iamapikey", "build-bot", "acme/build-bot"})
    void anApiKeyIsItsServiceIds(String user) {
        // When
        Authentication outcome = authenticate(user, KEY);
        // Then
        assertThat(outcome).isEqualTo(known(Subject.Kind.SERVICE_ID, "acme", "build-bot", "api-key:k1"));
        assertThat(checks.hashes).isEmpty();
    }

    @Test
    void twoServiceIdsOfOneNameAreToldApartByTheirKeys() {
        assertThat(authenticate("build-bot", OTHER_KEY))
                .isEqualTo(known(Subject.Kind.SERVICE_ID, "other", "build-bot", "api-key:k2"));
        assertThat(authenticate("other/build-bot", KEY)).isEqualTo(new Rejected());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "idle",
                "acme/idle",
                "other/build-bot",
                "acme",
                "acme/",
                "/build-bot",
                "BUILD-BOT",
                "build-bot ",
                "IamApiKey",
                "service-id:acme/build-bot",
                "k1"
            })
    void aKeyWithAWrongUserNameIsRejectedTheSlowWay(String user) {
        // When
        Authentication outcome = authenticate(user, KEY);
        // Then
        assertThat(outcome).isEqualTo(new Rejected());
        assertThat(checks.hashes).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postern_0123456789012345678901234567890123456789013",
                "postern_0123456789012345678901234567890123456789012 ",
                "POSTERN_0123456789012345678901234567890123456789012",
                "postern_",
                "x"
            })
    void aWrongKeyIsRejected(String key) {
        assertThat(authenticate("iamapikey", key)).isEqualTo(new Rejected());
        assertThat(checks.hashes).isEmpty();
        assertThat(authenticate("build-bot", key)).isEqualTo(new Rejected());
        assertThat(checks.hashes).hasSize(1);
    }

    @Test
    void theDigestOfAKeyIsNotTheKey() {
        assertThat(authenticate("iamapikey", ApiKeys.digest(KEY))).isEqualTo(new Rejected());
        assertThat(authenticate("iamapikey", "sha-256:" + ApiKeys.digest(KEY))).isEqualTo(new Rejected());
    }

    // Users

    @ParameterizedTest
    @CsvSource({"alice, acme, alice", "acme/alice, acme, alice", "acme/bob, acme, bob", "other/bob, other, bob"})
    void aUserSignsInByBareOrQualifiedName(String login, String account, String name) {
        // When
        Authentication outcome = authenticate(login, "right");
        // Then
        assertThat(outcome).isEqualTo(known(Subject.Kind.USER, account, name, "password"));
        assertThat(checks.hashes).containsExactly(login.equals("other/bob") ? COSTLY_HASH : HASH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "acme/alice", "other/bob"})
    void aWrongPasswordIsRejected(String login) {
        assertThat(authenticate(login, "wrong")).isEqualTo(new Rejected());
        assertThat(checks.hashes).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob", // ambiguous
                "nobody",
                "acme/nobody",
                "nowhere/alice",
                "other/alice",
                "Alice",
                "alice ",
                "",
                "/alice",
                "acme//alice",
                "user:acme/alice",
                "build-bot",
                "idle"
            })
    void anUnknownUserIsRejectedAfterACheckOfTheSlowestKind(String login) {
        // When
        Authentication outcome = authenticate(login, "right");
        // Then
        assertThat(outcome).isEqualTo(new Rejected());
        assertThat(checks.hashes)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("$2y$11$")
                .hasSize(60);
    }

    @Test
    void theHashOfNobodyIsOneThatCanBeChecked() {
        // Given
        authenticate("nobody", "right");
        // When
        try (BcryptWorkers workers = new BcryptWorkers(Duration.ofMinutes(1))) {
            String cheap = checks.hashes.getFirst().replace("$11$", "$04$");
            // Then
            for (String password : List.of("right", "")) {
                assertThat(workers.check(new Check(password, cheap, 4, Standing.OTHER, () -> true))
                                .join())
                        .isEqualTo(Finding.DIFFERS);
            }
        }
    }

    @Test
    void aPasswordThatBcryptWouldCutIsRejectedAfterTheCheck() {
        // Given
        PasswordChecks sayYes = check -> {
            checks.hashes.add(check.hash());
            return CompletableFuture.completedFuture(Finding.MATCHES);
        };
        Authenticator lenient = Authenticators.patient(sayYes);
        // Then
        for (String fits : List.of("x".repeat(72), "€".repeat(24))) {
            assertThat(authenticate(lenient, new UserPassword("alice", fits)).join())
                    .isInstanceOf(Authenticated.class);
        }
        for (String isCut : List.of("x".repeat(73), "€".repeat(25))) {
            assertThat(authenticate(lenient, new UserPassword("alice", isCut)).join())
                    .isEqualTo(new Rejected());
        }
        assertThat(checks.hashes).hasSize(4);
        assertThat(checks.hashes.subList(2, 4)).allMatch(hash -> hash.startsWith("$2y$11$"));
    }

    @Test
    void anEmptyOrHugeSecretIsRejectedAtOnceForEverybody() {
        for (String login : List.of("alice", "nobody", "iamapikey", "build-bot")) {
            assertThat(authenticate(login, "")).isEqualTo(new Rejected());
            assertThat(authenticate(login, "x".repeat(8 * 1024 + 1))).isEqualTo(new Rejected());
        }
        assertThat(checks.hashes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "nobody"})
    void overloadIsUnavailableForKnownAndUnknownUsers(String login) {
        // Given
        var overloaded = Authenticators.patient(check -> CompletableFuture.completedFuture(Finding.OVERLOADED));
        // When
        Authentication outcome =
                authenticate(overloaded, new UserPassword(login, "right")).join();
        // Then
        assertThat(outcome).isEqualTo(new Unavailable("password checks are overloaded"));
    }

    @Test
    void anApiKeyNeedsNoPasswordCheckThatCouldBeOverloaded() {
        // Given
        var overloaded = Authenticators.patient(check -> CompletableFuture.completedFuture(Finding.OVERLOADED));
        // Then
        assertThat(authenticate(overloaded, new UserPassword("iamapikey", KEY)))
                .isCompletedWithValueMatching(Authenticated.class::isInstance);
    }

    @Test
    void anOutcomeWaitsForTheCheckWithoutBlocking() {
        // Given
        CompletableFuture<Finding> check = new CompletableFuture<>();
        var slow = Authenticators.patient(asked -> check);
        // When
        var outcome = authenticate(slow, new UserPassword("alice", "right"));
        // Then
        assertThat(outcome).isNotDone();
        check.complete(Finding.MATCHES);
        assertThat(outcome).isCompleted();
    }

    @Test
    void outcomesHoldNoSecret() {
        assertThat(authenticate("alice", "right").toString()).doesNotContain("right", HASH);
        assertThat(authenticate("iamapikey", KEY).toString()).doesNotContain(KEY, ApiKeys.digest(KEY));
    }

    private Authentication authenticate(String user, String password) {
        return authenticate(new UserPassword(user, password));
    }

    private Authentication authenticate(Credentials credentials) {
        return authenticate(authenticator, credentials).join();
    }

    private static CompletableFuture<Authentication> authenticate(Authenticator by, Credentials credentials) {
        return by.authenticate(POLICY, credentials, Authenticators.ANYBODY);
    }

    private static Authenticated known(Subject.Kind kind, String account, String name, String credential) {
        return new Authenticated(new Identity.Known(new Subject(kind, account, name), credential));
    }

    private static Policy policy(String text) {
        return switch (new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    // What others know

    /** Says what it was asked. */
    private static final class Others implements OutsideIdentities {
        private final List<String> asked = new ArrayList<>();

        @Override
        public CompletableFuture<Authentication> byToken(Policy policy, String token, Optional<String> account) {
            asked.add("token " + token + account.map(name -> " of " + name).orElse(""));
            return CompletableFuture.completedFuture(new Rejected());
        }

        @Override
        public CompletableFuture<Authentication> byApiKey(Policy policy, String key, boolean mayAsk) {
            asked.add("key " + key);
            return CompletableFuture.completedFuture(new Rejected());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "oidc, token secret",
        "iambearer, token secret",
        "oauth2accesstoken, token secret",
        "<token>, token secret",
        "acme/oidc, token secret of acme",
        "a/b/oidc, ",
        "OIDC, ",
        "oidc/acme, ",
        "oidcx, ",
        "iamapikey, key secret",
        "acme/iamapikey, "
    })
    void theUserNameSaysWhoIsAsked(String user, String asked) {
        // Given
        Others others = new Others();

        // When
        Authenticators.patient(checks, others)
                .authenticate(POLICY, new UserPassword(user, "secret"), Authenticators.ANYBODY)
                .join();

        // Then
        assertThat(others.asked).isEqualTo(asked == null ? List.of() : List.of(asked));
    }

    @Test
    void aBearerTokenIsAskedFor() {
        // Given
        Others others = new Others();

        // When
        Authenticators.patient(checks, others)
                .authenticate(POLICY, new Credentials.Bearer("secret"), Authenticators.ANYBODY)
                .join();

        // Then
        assertThat(others.asked).containsExactly("token secret");
        assertThat(checks.hashes).isEmpty();
    }

    @Test
    void aKeyOfThePolicyIsShownToNobodyElse() {
        // Given
        Others others = new Others();

        // When
        Authenticators.patient(checks, others)
                .authenticate(POLICY, new UserPassword("iamapikey", KEY), Authenticators.ANYBODY)
                .join();

        // Then
        assertThat(others.asked).isEmpty();
    }
}
