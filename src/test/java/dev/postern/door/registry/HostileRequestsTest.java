package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.postern.address.Address;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Authenticator;
import dev.postern.identity.Caller;
import dev.postern.identity.Credentials;
import dev.postern.identity.Identity;
import dev.postern.identity.PasswordChecks;
import dev.postern.identity.RefreshLogin;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.oidc.Issuer;
import dev.postern.identity.oidc.Issuers;
import dev.postern.identity.oidc.KeyPace;
import dev.postern.identity.oidc.KeyPlace;
import dev.postern.identity.oidc.TokenMemory;
import dev.postern.identity.oidc.VerifiedToken;
import dev.postern.policy.Account;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.PublicSource;
import dev.postern.testing.Authenticators;
import dev.postern.testing.Forms;
import dev.postern.testing.HostileForms;
import dev.postern.testing.HostileTokens;
import dev.postern.testing.Mutations;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestIssuer;
import dev.postern.testing.TestPolicy;
import dev.postern.throttle.Limits;
import dev.postern.throttle.Origin;
import dev.postern.throttle.Throttle;
import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyIdForm;
import dev.postern.token.KeyRing;
import dev.postern.token.RefreshTokens;
import dev.postern.token.RegistryToken;
import dev.postern.token.RegistryTokenReader;
import dev.postern.token.Revocations;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.TokenIssuer;
import dev.postern.token.TokenKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Many random and mutated forms and tokens, from the text to the decision: nothing is granted for one that is not right, by a
 * second reading of it, and nothing breaks. {@code -Dhostile.forms=10000000 -Dhostile.tokens=10000000} makes it as many,
 * {@code -Dhostile.seed=1} others.
 */
class HostileRequestsTest {

    private static final int FORMS = Integer.getInteger("hostile.forms", 50_000);
    private static final int TOKENS = Integer.getInteger("hostile.tokens", 20_000);

    private static final long SEED = Long.getLong("hostile.seed", 20_261_121);
    private static final String SERVICE = "registry.example.com";
    private static final String GITHUB = "https://github.example.com";
    private static final Source OFFICE = new PublicSource(Address.ipv4(0xCB007109), List.of());
    private static final Source STRANGER = new PublicSource(Address.ipv4(0xC0000232), List.of());
    private static final Subject BOT = new Subject(Subject.Kind.SERVICE_ID, "acme", "bot");

    private static final Policy POLICY = ((PolicyCompiler.Compiled)
                    new PolicyCompiler(new KnownEndpoints(Set.of(), Set.of(), Set.of("github")))
                            .compile(List.of(new Document("policy.yaml", """
                    accounts:
                      acme:
                        namespaces: [acme]
                        network: { allow: [{ address: 203.0.113.0/24 }] }
                        service-ids:
                          bot:
                            api-keys:
                              - id: k1
                                digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                        users:
                          alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                        federated:
                          ci: { issuer: github, claims: { repository: acme-inc/app } }
                        bindings:
                          - { subjects: [service-id:bot, user:alice, federated:ci], roles: [Writer] }
                    """))))
            .policy();

    private final Mutations mutations = new Mutations(SEED);
    private final SplittableRandom random = mutations.random();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Gate gate = new Gate("us-south", Optional.empty());
    private Instant now = Instant.now();

    private final TokenKeys keys = keys();
    private final RefreshLogin refreshLogin = new RefreshLogin(
            Optional.of(new RefreshTokens(keys, "postern", RefreshTokens.LONGEST_LIFETIME)),
            Revocations.NONE,
            SERVICE,
            () -> now,
            () -> true);
    private final RegistryTokenReader reader = new RegistryTokenReader(keys, "postern", SERVICE);
    private final Issuers issuers = new Issuers(
            List.of(new Issuers.Known(
                    new Issuer(
                            GITHUB,
                            Set.of(SERVICE),
                            Issuer.ASYMMETRIC,
                            Duration.ofSeconds(30),
                            8 * 1024,
                            IssuerRules.of("github")),
                    new KeyPlace.InFile(TestIssuer.jwksFile(TestIssuer.of("github"))),
                    new KeyPace(Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofDays(300)))),
            new Forgetful(),
            () -> now);

    /** As a check of the one hash would find; a real one a million times would take a day. */
    private final Authenticator authenticator = new Authenticator(
            check -> CompletableFuture.completedFuture(
                    check.hash().startsWith("$2y$04$xiM2ucyyuD")
                                    && check.password().equals(TestPolicy.ALICES_PASSWORD)
                            ? PasswordChecks.Finding.MATCHES
                            : PasswordChecks.Finding.DIFFERS),
            new Authenticators.Remembering(),
            new Throttle(new Limits(Duration.ofMinutes(1), 10, 30), new byte[32]),
            () -> now,
            refreshLogin,
            issuers);

    private final String refreshToken = refreshLogin
            .issue(POLICY, new Identity.Known(BOT, "api-key:k1"), now)
            .orElseThrow()
            .value();
    private final String registryToken = new TokenIssuer(keys, KeyIdForm.X5C, "postern", Duration.ofDays(365))
            .issue(
                    new RegistryToken.Claims(
                            BOT.toString(),
                            SERVICE,
                            List.of(new RegistryToken.Access("repository", "acme/app", Set.of("pull", "push")))),
                    now)
            .value();
    private final String githubToken = TestIssuer.of("github")
            .token(Map.of(
                    "iss",
                    GITHUB,
                    "aud",
                    SERVICE,
                    "sub",
                    "repo:acme-inc/app",
                    "repository",
                    "acme-inc/app",
                    "iat",
                    now.getEpochSecond(),
                    "exp",
                    now.plus(Duration.ofDays(365)).getEpochSecond()));

    /** With the provider that the server uses where it can. */
    private static TokenKeys keys() {
        try {
            TokenKeys keys =
                    new TokenKeys(KeyRing.of(KeyFiles.generate(SigningAlgorithm.ES256, "postern", Instant.now())));
            keys.tryToUse(AmazonCorrettoCryptoProvider.INSTANCE);
            return keys;
        } catch (KeyFault e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        issuers.close();
    }

    @Test
    void nothingIsGrantedForAFormThatIsNotRight(TestReporter reporter) {
        // Given
        String scope = "repository:acme/app:pull,push";
        Map<String, String> refresh = Forms.refresh(SERVICE, refreshToken, scope);
        HostileForms forms = new HostileForms(
                mutations,
                List.of(
                        Forms.password(SERVICE, "iamapikey", TestPolicy.API_KEY, scope),
                        Forms.password(SERVICE, "acme/alice", TestPolicy.ALICES_PASSWORD, scope),
                        refresh));

        // When
        for (int i = 0; i < FORMS; i++) {
            String form = forms.next();
            judge(TokenForm.read(form, SERVICE), () -> isRight(form), form);
        }

        // Then: all that there is was met
        reporter.publishEntry("forms " + FORMS, outcomes.toString());
        assertThat(outcomes)
                .containsOnlyKeys(
                        "malformed",
                        "bad-credentials",
                        "too-many-failures",
                        "granted",
                        "not-permitted",
                        "address-not-listed");
    }

    @Test
    void nothingIsGrantedForATokenThatIsNotRight(TestReporter reporter) {
        // Given
        HostileTokens tokens =
                new HostileTokens(mutations, List.of(refreshToken, registryToken, githubToken, githubToken));

        // When
        for (int i = 0; i < TOKENS; i++) {
            String token = tokens.next();
            boolean refresh = token.equals(refreshToken);
            switch (random.nextInt(5)) {
                case 0 -> header("Bearer " + token, isGithubs(token.strip()));
                case 1 -> header(RawHttp.basic("oidc", token), isGithubs(token));
                case 2 -> form(Forms.password(SERVICE, "iambearer", token, ""), isGithubs(token));
                case 3 -> form(Forms.refresh(SERVICE, token, ""), refresh);
                default -> {
                    boolean right = token.equals(registryToken);
                    boolean valid = reader.read(token, now) instanceof RegistryTokenReader.Valid;
                    if (valid != right) {
                        assertThat(valid).as(token).isEqualTo(right);
                    }
                    outcomes.merge(valid ? "registry token" : "no registry token", 1, Integer::sum);
                }
            }
        }

        // Then
        reporter.publishEntry("tokens " + TOKENS, outcomes.toString());
        assertThat(outcomes)
                .containsOnlyKeys(
                        "malformed",
                        "bad-credentials",
                        "too-many-failures",
                        "granted",
                        "address-not-listed",
                        "registry token",
                        "no registry token");
    }

    /** By another decoder: the fields that must stand once, and what they must be. */
    private boolean isRight(String form) {
        return switch (HostileForms.once(form, "grant_type")) {
            case "password" ->
                HostileForms.once(form, "username").equals("iamapikey")
                                && HostileForms.once(form, "password").equals(TestPolicy.API_KEY)
                        || Set.of("alice", "acme/alice").contains(HostileForms.once(form, "username"))
                                && HostileForms.once(form, "password").equals(TestPolicy.ALICES_PASSWORD);
            case "refresh_token" -> HostileForms.once(form, "refresh_token").equals(refreshToken);
            default -> false;
        };
    }

    private boolean isGithubs(String token) {
        return token.equals(githubToken);
    }

    private void header(String value, boolean right) {
        Credentials credentials = Credentials.of(Optional.of(value));
        if (credentials instanceof Credentials.Malformed) {
            outcomes.merge("malformed", 1, Integer::sum);
        } else {
            judge(credentials, List.of(), () -> right, value);
        }
    }

    private void form(Map<String, String> form, boolean right) {
        judge(TokenForm.read(Forms.encoded(form), SERVICE), () -> right, "");
    }

    private void judge(TokenForm.Outcome form, BooleanSupplier right, String shown) {
        switch (form) {
            case TokenForm.Malformed malformed -> outcomes.merge("malformed", 1, Integer::sum);
            case TokenForm.Read read -> judge(read.credentials(), read.request().scopes(), right, shown);
        }
    }

    /** As the door does; whoever asks from elsewhere is refused with the right ones, too. */
    private void judge(Credentials credentials, List<Scope> scopes, BooleanSupplier right, String shown) {
        now = now.plusMillis(random.nextInt(20));
        Source source = random.nextInt(4) == 0 ? STRANGER : OFFICE;
        Authentication known = outcome(authenticator.authenticate(
                POLICY, credentials, new From(new Origin("place " + random.nextInt(50)), source == OFFICE)));
        Decision decision = gate.decide(POLICY, new AccessRequest(source, known, scopes), now);
        if (decision instanceof Decision.Granted && (source == STRANGER || !right.getAsBoolean())) {
            assertThat(decision).as(shown).isInstanceOf(Decision.Refused.class);
        }
        if (decision.reason() == Reason.UNAVAILABLE) {
            assertThat(decision.reason()).as(shown).isNotEqualTo(Reason.UNAVAILABLE);
        }
        outcomes.merge(decision.reason().wireName(), 1, Integer::sum);
    }

    /** A token whose key is not at hand waits for its issuer to be asked, which somebody has to do. */
    private Authentication outcome(CompletableFuture<Authentication> future) {
        while (true) {
            try {
                return future.get(5, TimeUnit.MILLISECONDS);
            } catch (TimeoutException waits) {
                now = now.plusSeconds(6);
                issuers.tick();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    private record From(Origin origin, boolean listed) implements Caller {
        @Override
        public boolean isListedBy(Account account) {
            return listed;
        }
    }

    /** Each token is verified anew. */
    private static final class Forgetful implements TokenMemory {
        @Override
        public Optional<VerifiedToken> recall(String digest) {
            return Optional.empty();
        }

        @Override
        public void remember(String digest, VerifiedToken token) {
            // Not this one.
        }
    }
}
