package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Subject;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyIdForm;
import dev.postern.token.KeyRing;
import dev.postern.token.RegistryToken;
import dev.postern.token.RegistryToken.Access;
import dev.postern.token.RegistryToken.Claims;
import dev.postern.token.RegistryTokenReader;
import dev.postern.token.Revocations;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.TokenIssuer;
import dev.postern.token.TokenKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry token stands for, and what ends it, without a server. */
class RegistryLoginTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String SERVICE = "registry.example.com";
    private static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                service-ids: { bot: {} }
                federated:
                  ci: { issuer: github, claims: { sub: "repo:acme/*" } }
            """;
    private static final List<Access> PULL = List.of(new Access("repository", "acme/app", Set.of("pull")));

    private final Policy policy = compiled(POLICY);
    private TokenKeys keys;
    private Login login;

    /** What it comes to at once: no token of ours waits for anybody. */
    private record Login(RegistryLogin login) {
        RegistryLogin.Outcome authenticate(Policy policy, String token, Instant now) {
            return authenticate(policy, token, SERVICE, now);
        }

        RegistryLogin.Outcome authenticate(Policy policy, String token, String service, Instant now) {
            return Optional.ofNullable(
                            login.authenticate(policy, token, service, now).getNow(null))
                    .orElseThrow();
        }
    }

    @BeforeEach
    void keys() throws Exception {
        keys = new TokenKeys(KeyRing.of(KeyFiles.generate(SigningAlgorithm.ES256, "postern", NOW)));
        login = login(Revocations.NONE);
    }

    private Login login(Revocations revocations) {
        return login(OutsideTokens.NONE, revocations);
    }

    private Login login(OutsideTokens others, Revocations revocations) {
        return new Login(new RegistryLogin(new RegistryTokenReader(keys, "postern", SERVICE), others, revocations));
    }

    @Test
    void itIsTheSubjectItWasIssuedToWithWhatItSays() {
        // Given
        RegistryToken token = issue("service-id:acme/bot", List.of());
        // When
        RegistryLogin.Outcome outcome = login.authenticate(policy, token.value(), NOW);
        // Then
        assertThat(outcome).isInstanceOfSatisfying(RegistryLogin.Good.class, good -> {
            assertThat(good.identity())
                    .isEqualTo(new Identity.Known(
                            new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"), "registry-token:" + token.id()));
            assertThat(good.claims().access()).isEqualTo(PULL);
        });
    }

    @Test
    void withoutASubjectItIsAnonymous() {
        assertThat(login.authenticate(policy, issue("", List.of()).value(), NOW))
                .isInstanceOfSatisfying(
                        RegistryLogin.Good.class,
                        good -> assertThat(good.identity()).isEqualTo(new Identity.Anonymous()));
    }

    @Test
    void aCallerOfAnIssuerIsTheAccountsByTheEntriesOfItsToken() {
        // Given
        String token = issue("oidc:acme/github/repo:acme/app", List.of("ci")).value();
        // When
        RegistryLogin.Outcome outcome = login.authenticate(policy, token, NOW);
        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        RegistryLogin.Good.class,
                        good -> assertThat(good.identity())
                                .isInstanceOfSatisfying(
                                        Identity.Federated.class,
                                        federated -> assertThat(federated.entries())
                                                .containsExactly(policy.account("acme")
                                                        .orElseThrow()
                                                        .federated()
                                                        .get("ci"))));
        assertBad(login.authenticate(compiled(POLICY.replace("ci:", "cd:")), token, NOW), "gone");
        assertBad(login.authenticate(compiled(POLICY.replace("acme:", "other:")), token, NOW), "gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"group:acme/all", "oidc-group:github/all", "federated:acme/ci", "bot", "anonymous!", " "})
    void otherSubjectsAreNobodys(String subject) {
        assertThat(login.authenticate(policy, issue(subject, List.of()).value(), NOW))
                .isInstanceOf(RegistryLogin.Bad.class);
    }

    @Test
    void itEndsWhenItExpiresAndAClocksErrorLater() {
        String token = issue("service-id:acme/bot", List.of()).value();
        assertThat(login.authenticate(policy, token, NOW.plusSeconds(359))).isInstanceOf(RegistryLogin.Good.class);
        assertBad(login.authenticate(policy, token, NOW.plusSeconds(360)), "expired");
        assertBad(login.authenticate(policy, token, NOW.minusSeconds(61)), "not come yet");
    }

    @Test
    void thePolicyMayEndItByAnInstant() {
        String token = issue("service-id:acme/bot", List.of()).value();
        assertBad(
                login.authenticate(
                        compiled(POLICY.replace(
                                "    namespaces", "    tokens-not-before: 2026-06-01T12:00:01Z\n    namespaces")),
                        token,
                        NOW),
                "tokens-not-before");
        assertThat(login.authenticate(
                        compiled(POLICY.replace(
                                "    namespaces", "    tokens-not-before: 2026-06-01T12:00:00Z\n    namespaces")),
                        token,
                        NOW))
                .isInstanceOf(RegistryLogin.Good.class);
    }

    @Test
    void itMayBeRevoked() {
        RegistryToken token = issue("service-id:acme/bot", List.of());
        Revocations revocations =
                revoked -> revoked.equals(new Revocations.Token(token.id(), "service-id:acme/bot", "acme", NOW));
        assertBad(login(revocations).authenticate(policy, token.value(), NOW), "revoked");
        assertThat(login(revocations)
                        .authenticate(
                                policy, issue("service-id:acme/bot", List.of()).value(), NOW))
                .isInstanceOf(RegistryLogin.Good.class);
    }

    @Test
    void anotherIssuersOrRegistrysTokenIsNone() throws Exception {
        Claims claims = new Claims("service-id:acme/bot", "registry.example.org", PULL);
        assertBad(
                login.authenticate(policy, issuer("postern").issue(claims, NOW).value(), NOW), "another");
        Claims ours = new Claims("service-id:acme/bot", SERVICE, PULL);
        assertBad(login.authenticate(policy, issuer("postern2").issue(ours, NOW).value(), NOW), "another");
        keys = new TokenKeys(KeyRing.of(KeyFiles.generate(SigningAlgorithm.ES256, "postern", NOW)));
        assertBad(login.authenticate(policy, issuer("postern").issue(ours, NOW).value(), NOW), "not a registry token");
    }

    @Test
    void aRouteToAnotherRegistryTakesNoTokenForThisOne() {
        String token = issue("service-id:acme/bot", List.of()).value();
        assertBad(login.authenticate(policy, token, "registry.example.org", NOW), "for another registry");
    }

    @Test
    void aTokenOfOursIsNeverShownToOthers() {
        // Given
        OutsideTokens others = (token, service, now) -> {
            throw new AssertionError("asked");
        };
        // Then
        assertThat(login(others, Revocations.NONE)
                        .authenticate(
                                policy, issue("user:acme/alice", List.of()).value(), NOW))
                .isInstanceOf(RegistryLogin.Good.class);
    }

    @Test
    void theSubjectOfAnothersTokenIsNobodyOfOurs() {
        // Given: what that token service calls its caller is the name of one of ours
        OutsideTokens others = giving(new OutsideTokens.Valid(
                "hub", "service-id:acme/bot", PULL, Optional.of("address:203.0.113.9"), "id-1", NOW));
        // When
        RegistryLogin.Outcome outcome = login(others, Revocations.NONE).authenticate(policy, "a.b.c", NOW);
        // Then
        assertThat(outcome).isInstanceOfSatisfying(RegistryLogin.Good.class, good -> {
            assertThat(good.identity())
                    .isEqualTo(new Identity.Foreign("hub", "service-id:acme/bot", "registry-token:id-1"));
            assertThat(good.identity().names()).containsExactly(Subject.ANONYMOUS);
            assertThat(good.claims().access()).isEqualTo(PULL);
            assertThat(good.claims().boundTo()).contains("address:203.0.113.9");
        });
    }

    @Test
    void anothersTokenMayBeRevokedByItsIdAlone() {
        // Given
        OutsideTokens others =
                giving(new OutsideTokens.Valid("hub", "service-id:acme/bot", PULL, Optional.empty(), "id-1", NOW));
        // Then
        assertBad(login(others, token -> token.id().equals("id-1")).authenticate(policy, "a.b.c", NOW), "revoked");
        assertThat(login(
                                others,
                                token -> token.subject().equals("service-id:acme/bot")
                                        || token.account().equals("acme"))
                        .authenticate(policy, "a.b.c", NOW))
                .isInstanceOf(RegistryLogin.Good.class);
    }

    @Test
    void whatCannotBeKnownOfAnothersTokenIsNotWrong() {
        assertThat(login(giving(new OutsideTokens.Unknown("does not answer")), Revocations.NONE)
                        .authenticate(policy, "a.b.c", NOW))
                .isEqualTo(new RegistryLogin.Unknown(new Authentication.Unavailable("does not answer")));
        assertBad(
                login(giving(new OutsideTokens.Invalid(Optional.of("hub"), "it has expired")), Revocations.NONE)
                        .authenticate(policy, "a.b.c", NOW),
                "it has expired");
    }

    private static OutsideTokens giving(OutsideTokens.Reading reading) {
        return (token, service, now) -> CompletableFuture.completedFuture(reading);
    }

    private static void assertBad(RegistryLogin.Outcome outcome, String why) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        RegistryLogin.Bad.class,
                        bad -> assertThat(bad.authentication().why()).contains(why));
    }

    private RegistryToken issue(String subject, List<String> entries) {
        return issuer("postern").issue(new Claims(subject, SERVICE, PULL, Optional.empty(), entries), NOW);
    }

    private TokenIssuer issuer(String name) {
        return new TokenIssuer(keys, KeyIdForm.X5C, name, Duration.ofMinutes(5));
    }

    private static Policy compiled(String text) {
        var known = new KnownEndpoints(Set.of(), Set.of(), Set.of("github"));
        return switch (new PolicyCompiler(known).compile(List.of(new PolicyCompiler.Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }
}
