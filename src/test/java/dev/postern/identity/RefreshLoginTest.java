package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Subject;
import dev.postern.testing.TestPolicy;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyRing;
import dev.postern.token.RefreshTokens;
import dev.postern.token.Revocations;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.TokenKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a refresh token stands for, and what ends it, without a server. */
class RefreshLoginTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String SERVICE = "registry.localhost";
    private static final Identity.Known BOT =
            new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"), "api-key:k1");
    private static final Identity.Known ALICE =
            new Identity.Known(new Subject(Subject.Kind.USER, "acme", "alice"), "password");

    private final Policy policy = compiled(TestPolicy.TEXT);
    private RefreshTokens tokens;
    private RefreshLogin login;

    @BeforeEach
    void keys() throws Exception {
        tokens = new RefreshTokens(
                new TokenKeys(KeyRing.of(KeyFiles.generate(SigningAlgorithm.ES256, "postern", NOW))),
                "postern",
                Duration.ofDays(30));
        login = login(Revocations.NONE, SERVICE);
    }

    private RefreshLogin login(Revocations revocations, String service) {
        return login(revocations, service, () -> true);
    }

    private RefreshLogin login(Revocations revocations, String service, BooleanSupplier mayTake) {
        return new RefreshLogin(Optional.of(tokens), revocations, service, () -> NOW.plusSeconds(60), mayTake);
    }

    @Test
    void itIsTheSubjectItWasIssuedTo() {
        // Given
        var token = login.issue(policy, BOT, NOW).orElseThrow();

        // When
        Authentication outcome = login.authenticate(policy, new Credentials.RefreshToken(token.value()));

        // Then
        assertThat(outcome)
                .isEqualTo(new Authenticated(new Identity.Known(BOT.subject(), "refresh-token:" + token.id())));
    }

    @Test
    void whoHasNoCredentialInThePolicyGetsNone() {
        assertThat(login.issue(policy, new Identity.Anonymous(), NOW)).isEmpty();
        assertThat(login.issue(policy, new Identity.Known(BOT.subject(), "api-key:k2"), NOW))
                .isEmpty();
        assertThat(login.issue(policy, new Identity.Known(BOT.subject(), "password"), NOW))
                .isEmpty();
        assertThat(login.issue(policy, new Identity.Known(ALICE.subject(), "refresh-token:AAAA"), NOW))
                .isEmpty();
        assertThat(login.issue(policy, new Identity.Known(ALICE.subject(), "oidc:github"), NOW))
                .isEmpty();
        assertThat(RefreshLogin.OFF.issue(policy, ALICE, NOW)).isEmpty();
    }

    @Test
    void whileNoneMayBeTakenAGoodOneWaitsAndABadOneIsRefused() {
        // Given
        RefreshLogin waiting = login(Revocations.NONE, SERVICE, () -> false);
        String value = login.issue(policy, BOT, NOW).orElseThrow().value();

        // Then
        assertThat(waiting.authenticate(policy, new Credentials.RefreshToken(value)))
                .isEqualTo(new Authentication.Unavailable("what other replicas have revoked is not known"));
        assertThat(waiting.authenticate(policy, new Credentials.RefreshToken(value + "x")))
                .isEqualTo(new Rejected());
        assertThat(waiting.issue(policy, BOT, NOW)).isPresent();
    }

    @TestFactory
    Stream<DynamicTest> aChangedPolicyEndsIt() {
        String text = TestPolicy.TEXT;
        return Stream.of(
                ends("the key's digest is another's", text.replace("0e87123b", "1e87123b")),
                ends("the key has another id", text.replace("id: k1", "id: k2")),
                ends(
                        "the service id has another name",
                        text.replace("bot:", "robot:").replace(":bot", ":robot")),
                ends("the account has another name", text.replace("  acme:", "  other:")),
                ends(
                        "tokens of the account are too old",
                        text.replace("    namespaces", "    tokens-not-before: 2026-06-01T12:00:01Z\n    namespaces")),
                ends(
                        "tokens of the service id are too old",
                        text.replace("      bot:", "      bot:\n        tokens-not-before: 2026-06-01T12:00:01Z")));
    }

    private DynamicTest ends(String title, String changed) {
        return dynamicTest(title, () -> {
            // Given
            String value = login.issue(policy, BOT, NOW).orElseThrow().value();
            assertThat(changed).isNotEqualTo(TestPolicy.TEXT);

            // When, Then
            assertThat(login.authenticate(policy, new Credentials.RefreshToken(value)))
                    .isInstanceOf(Authenticated.class);
            assertThat(login.authenticate(compiled(changed), new Credentials.RefreshToken(value)))
                    .isEqualTo(new Rejected());
        });
    }

    private static Policy compiled(String text) {
        return ((PolicyCompiler.Compiled)
                        new PolicyCompiler(Set.of()).compile(List.of(new PolicyCompiler.Document("policy.yaml", text))))
                .policy();
    }

    @Test
    void aNewPasswordEndsItAndTheSamePasswordDoesNot() {
        // Given
        String value = login.issue(policy, ALICE, NOW).orElseThrow().value();
        String other = TestPolicy.TEXT.replace("zBtCGBa2", "zBtCGBa.");

        // Then
        assertThat(login.authenticate(compiled(other), new Credentials.RefreshToken(value)))
                .isEqualTo(new Rejected());
        assertThat(login.authenticate(compiled(TestPolicy.TEXT + "# a remark\n"), new Credentials.RefreshToken(value)))
                .isInstanceOf(Authenticated.class);
    }

    @Test
    void tokensThatWereIssuedAfterTheInstantCount() {
        // Given
        Policy later =
                compiled(TestPolicy.TEXT.replace("alice: {", "alice: { tokens-not-before: 2026-06-01T12:00:00Z,"));
        String value = login.issue(later, ALICE, NOW).orElseThrow().value();

        // Then
        assertThat(login.authenticate(later, new Credentials.RefreshToken(value)))
                .isInstanceOf(Authenticated.class);
    }

    @Test
    void aRevokedOneIsRejected() {
        // Given
        var token = login.issue(policy, ALICE, NOW).orElseThrow();
        Revocations revocations = revoked -> revoked.id().equals(token.id())
                && revoked.subject().equals("user:acme/alice")
                && revoked.account().equals("acme")
                && revoked.issuedAt().equals(NOW);

        // Then
        assertThat(login(revocations, SERVICE).authenticate(policy, new Credentials.RefreshToken(token.value())))
                .isEqualTo(new Rejected());
    }

    @Test
    void oneForAnotherRegistryIsRejected() {
        // Given
        String value = login(Revocations.NONE, "another")
                .issue(policy, ALICE, NOW)
                .orElseThrow()
                .value();

        // Then
        assertThat(login.authenticate(policy, new Credentials.RefreshToken(value)))
                .isEqualTo(new Rejected());
    }

    @Test
    void switchedOffItTakesNone() {
        // Given
        String value = login.issue(policy, ALICE, NOW).orElseThrow().value();

        // Then
        assertThat(RefreshLogin.OFF.authenticate(policy, new Credentials.RefreshToken(value)))
                .isEqualTo(new Rejected());
    }

    @Test
    void itsTextsLeaveTheTokenOut() {
        // Given
        var token = login.issue(policy, ALICE, NOW).orElseThrow();

        // Then
        assertThat(new Credentials.RefreshToken(token.value()).toString() + token)
                .doesNotContain(token.value());
    }
}
