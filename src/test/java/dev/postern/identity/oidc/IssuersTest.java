package dev.postern.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.Authentication;
import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.RejectedToken;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.testing.TestIssuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are taken, and whose they are. */
class IssuersTest {

    private static final String GITHUB = "https://token.example.com";
    private static final String CLUSTER = "https://cluster.example.com/";
    private static final String AUDIENCE = "registry.example.com";
    private static final Policy POLICY = ((Compiled)
                    new PolicyCompiler(new KnownEndpoints(Set.of(), Set.of(), Set.of("github", "cluster")))
                            .compile(List.of(new Document("policy.yaml", """
                    accounts:
                      acme:
                        federated:
                          ci: { issuer: github, claims: { sub: bot } }
                      other:
                        federated:
                          nodes: { issuer: cluster, claims: { sub: bot } }
                    """))))
            .policy();

    @TempDir
    Path directory;

    private final TestIssuer github = TestIssuer.of("github-1");
    private final TestIssuer cluster = TestIssuer.of("cluster-1");
    private final Map<String, VerifiedToken> remembered = new HashMap<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private Path githubs;
    private Path clusters;
    private Issuers issuers;

    @BeforeEach
    void issuersWithKeys() throws IOException {
        githubs = Files.writeString(directory.resolve("github.json"), TestIssuer.jwks(github));
        clusters = Files.writeString(directory.resolve("cluster.json"), TestIssuer.jwks(cluster));
        TokenMemory memory = new TokenMemory() {
            @Override
            public Optional<VerifiedToken> recall(String digest) {
                return Optional.ofNullable(remembered.get(digest));
            }

            @Override
            public void remember(String digest, VerifiedToken token) {
                remembered.put(digest, token);
            }
        };
        issuers = new Issuers(
                List.of(known("github", GITHUB, githubs), known("cluster", CLUSTER, clusters)), memory, now::get);
    }

    @AfterEach
    void close() {
        issuers.close();
    }

    @Test
    void a_good_token_is_its_callers() {
        assertThat(judge(github.token(good()))).isInstanceOfSatisfying(Authenticated.class, known -> {
            assertThat(known.identity().subject()).hasToString("oidc:acme/github/bot");
            assertThat(known.identity().toString()).doesNotContain("registry.example.com");
        });
    }

    static Stream<Arguments> goodChanges() {
        long now = Instant.now().getEpochSecond();
        return Stream.of(
                Arguments.of("a list of audiences", Map.of("aud", List.of("another", AUDIENCE))),
                Arguments.of("expired within the skew", Map.of("iat", now - 300, "nbf", now - 300, "exp", now - 10)),
                Arguments.of("issued in the future within the skew", Map.of("iat", now + 10)),
                Arguments.of("not before, within the skew", Map.of("nbf", now + 10)),
                Arguments.of("times with fractions", Map.of("exp", now + 60.5)),
                Arguments.of("claims that nobody asks for", Map.of("x", Map.of("y", List.of(1, true)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodChanges")
    void a_token_is_taken(String name, Map<String, Object> change) {
        assertThat(judge(github.token(with(change)))).isInstanceOf(Authenticated.class);
    }

    static Stream<Arguments> badChanges() {
        long now = Instant.now().getEpochSecond();
        return Stream.of(
                Arguments.of("it has expired", Map.of("iat", now - 300, "nbf", now - 300, "exp", now - 60)),
                Arguments.of("it has expired", Map.of("exp", now - 1_000_000)),
                Arguments.of("when it expires", Map.of("exp", "2100-01-01")),
                Arguments.of("when it expires", Map.of("exp", -1)),
                Arguments.of("it is for another audience", Map.of("aud", "another.example.com")),
                Arguments.of("it is for another audience", Map.of("aud", List.of())),
                Arguments.of("it is for another audience", Map.of("aud", AUDIENCE + ".evil.example")),
                Arguments.of("it is for another audience", Map.of("aud", Map.of("a", AUDIENCE))),
                Arguments.of("its issuer is none of the settings'", Map.of("iss", "https://evil.example.com")),
                Arguments.of("its issuer is none of the settings'", Map.of("iss", GITHUB + "/")),
                Arguments.of("its issuer is none of the settings'", Map.of("iss", "HTTPS://token.example.com")),
                Arguments.of("names no algorithm or no issuer", Map.of("iss", List.of(GITHUB))),
                Arguments.of("it is not good yet", Map.of("nbf", now + 120)),
                Arguments.of("it is not good yet", Map.of("nbf", "soon")),
                Arguments.of("it was issued in the future", Map.of("iat", now + 120)),
                Arguments.of("its key is not one of the issuer's", Map.of("iss", CLUSTER)),
                Arguments.of("no account takes it for its own", Map.of("sub", "another")),
                Arguments.of("not taken", Map.of("sub", List.of())),
                Arguments.of("not taken", Map.of("sub", List.of("bot", "bot"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badChanges")
    void a_token_is_refused(String why, Map<String, Object> change) {
        assertRefused(judge(github.token(with(change))), why);
        assertThat(remembered).hasSizeLessThanOrEqualTo(why.contains("account") ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "aud", "iss", "sub"})
    void a_token_without_a_claim_is_refused(String claim) {
        // Given
        Map<String, Object> claims = good();
        claims.remove(claim);

        // Then
        assertThat(judge(github.token(claims))).isInstanceOf(RejectedToken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "HS256", "HS512", "ES256K", "", "RS1", "A128KW"})
    void a_token_of_another_algorithm_is_refused(String algorithm) {
        // Given
        Map<String, String> header = Map.of("alg", algorithm, "kid", github.keyId());
        String unsigned = TestIssuer.part(header) + "." + TestIssuer.part(good()) + ".";

        // Then
        assertThat(judge(unsigned)).isInstanceOf(RejectedToken.class);
        assertThat(judge(github.signed(header, good()))).isInstanceOf(RejectedToken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES384", "ES512", "RS256", "PS256", "EdDSA"})
    void a_key_is_not_used_for_an_algorithm_that_is_not_its_own(String algorithm) {
        assertRefused(judge(github.signed(Map.of("alg", algorithm, "kid", github.keyId()), good())), "not taken");
    }

    @Test
    void the_public_key_is_no_secret_to_sign_with() throws GeneralSecurityException {
        // Given
        String content = TestIssuer.part(Map.of("alg", "HS256", "kid", github.keyId())) + "." + TestIssuer.part(good());
        for (byte[] secret : List.of(
                github.keys().getPublic().getEncoded(),
                TestIssuer.jwks(github).getBytes(StandardCharsets.UTF_8),
                github.jwk().get("x").getBytes(StandardCharsets.UTF_8))) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String signature = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));

            // Then
            assertRefused(judge(content + "." + signature), "its algorithm is not one of the issuer's");
        }
    }

    @Test
    void a_key_of_another_is_not_the_issuers_whatever_it_is_called() {
        // Given
        TestIssuer swapped =
                new TestIssuer(github.keyId(), TestIssuer.of("swapped").keys());

        // Then
        assertRefused(judge(swapped.token(good())), "its signature is not that of the issuer's key");
    }

    @Test
    void a_key_that_the_token_brings_is_not_believed() {
        // Given
        TestIssuer own = TestIssuer.of("own");
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("jwk", own.jwk());
        header.put("jku", "https://evil.example.com/keys");

        // Then
        assertRefused(judge(own.signed(header, good())), "it does not name its key");
        header.put("kid", github.keyId());
        assertRefused(judge(own.signed(header, good())), "its signature is not that of the issuer's key");
    }

    @Test
    void a_token_that_was_changed_is_refused() {
        // Given
        String[] parts = github.token(good()).split("\\.");
        String claims = TestIssuer.part(with(Map.of("sub", "bot", "admin", true)));

        // Then
        assertRefused(judge(parts[0] + "." + claims + "." + parts[2]), "its signature is not that of the issuer's key");
        assertRefused(judge(parts[0] + "." + parts[1] + "."), "not taken");
        assertRefused(judge(parts[0] + "." + parts[1] + "." + "A".repeat(86)), "not taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "==", "=", "!", "%", "AAAA"})
    void a_signature_that_is_written_otherwise_is_refused(String more) {
        assertThat(judge(github.token(good()) + more)).isInstanceOf(RejectedToken.class);
    }

    @Test
    void a_signature_with_other_bits_at_its_end_is_refused() {
        // Given: 64 bytes are 85 characters and two bits; the last four of the 86th mean nothing
        String token = github.token(good());
        int last = "AQgw".indexOf(token.charAt(token.length() - 1));
        String same = token.substring(0, token.length() - 1) + "BRhx".charAt(last);
        assertThat(judge(token)).isInstanceOf(Authenticated.class);

        // Then
        assertRefused(judge(same), "cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "eyJ.e30.x",
                "e30.e30.e30",
                "e30.e30",
                "e30.e30.e30.e30.e30",
                "{}.{}.{}",
                "eyJhbGciOiJFUzI1NiJ9.W10.x",
                "eyJhbGciOiJFUzI1NiJ9.e30=.x",
                "password",
                "ä.ö.ü",
                "%00.%00.%00"
            })
    void what_is_no_token_is_refused(String text) {
        assertThat(judge(text)).isInstanceOf(RejectedToken.class);
    }

    @Test
    void a_claim_that_stands_twice_makes_it_no_token() {
        // Given
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"iss\":\"https://token.example.com\",\"sub\":\"bot\",\"sub\":\"root\"}"
                        .getBytes(StandardCharsets.UTF_8));

        // Then
        assertRefused(judge(TestIssuer.part(Map.of("alg", "ES256")) + "." + claims + ".x"), "cannot be read");
    }

    @Test
    void a_token_that_is_too_long_is_refused() {
        assertRefused(judge(github.token(with(Map.of("x", "y".repeat(6_500))))), "it is longer than 8192 characters");
        assertRefused(judge(github.token(with(Map.of("x", "y".repeat(20_000))))), "it is too long");
    }

    @Test
    void the_same_subject_of_two_issuers_is_two_callers() {
        // When
        var one = (Authenticated) judge(github.token(good()));
        var other = (Authenticated) judge(cluster.token(with(Map.of("iss", CLUSTER))));

        // Then
        assertThat(one.identity().subject()).hasToString("oidc:acme/github/bot");
        assertThat(other.identity().subject()).hasToString("oidc:other/cluster/bot");
        later(Duration.ofSeconds(5));
        assertRefused(judge(cluster.token(good())), "its key is not one of the issuer's");
    }

    @Test
    void a_key_that_the_issuer_begins_to_use_is_taken_without_a_refusal() throws Exception {
        // Given
        assertThat(judge(github.token(good()))).isInstanceOf(Authenticated.class);
        TestIssuer next = TestIssuer.of("github-2");
        Files.writeString(githubs, TestIssuer.jwks(next, github));

        // When
        var pending = issuers.byToken(POLICY, next.token(good()), Optional.empty());

        // Then
        assertThat(pending).isNotDone();
        later(Duration.ofSeconds(5));
        issuers.tick();
        assertThat(pending.get(10, TimeUnit.SECONDS)).isInstanceOf(Authenticated.class);
        assertThat(judge(github.token(good()))).isInstanceOf(Authenticated.class);
    }

    @Test
    void while_the_issuer_is_down_its_known_keys_are_good_and_others_cannot_be_judged() throws Exception {
        // Given
        assertThat(judge(github.token(good()))).isInstanceOf(Authenticated.class);
        Files.delete(githubs);
        later(Duration.ofSeconds(20));

        // When
        Authentication unknownKey = judge(TestIssuer.of("github-2").token(good()));

        // Then
        assertThat(unknownKey)
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.why()).contains("github"));
        assertThat(judge(github.token(with(Map.of("jti", "another"))))).isInstanceOf(Authenticated.class);
        assertThat(judge(cluster.token(with(Map.of("iss", CLUSTER))))).isInstanceOf(Authenticated.class);
        assertThat(issuers.troubles()).containsOnlyKeys("github");
    }

    @Test
    void an_issuer_that_was_down_from_the_start_lets_nobody_in_and_refuses_nobody() throws Exception {
        // Given
        Files.delete(githubs);

        // Then
        assertThat(judge(github.token(good()))).isInstanceOf(Unavailable.class);
        assertRefused(judge(github.token(with(Map.of("aud", "another")))), "another audience");
        Files.writeString(githubs, TestIssuer.jwks(github));
        later(Duration.ofSeconds(20));
        assertThat(judge(github.token(good()))).isInstanceOf(Authenticated.class);
    }

    @Test
    void a_token_is_remembered_no_longer_than_it_is_good() {
        // Given
        String token = github.token(with(Map.of("exp", now.get().getEpochSecond() + 30)));
        assertThat(judge(token)).isInstanceOf(Authenticated.class);

        // When
        later(Duration.ofSeconds(70));

        // Then
        assertRefused(judge(token), "it has expired");
    }

    @Test
    void what_is_remembered_holds_no_token() {
        // Given
        String token = github.token(good());

        // When
        judge(token);

        // Then
        assertThat(remembered).hasSize(1);
        assertThat(remembered.toString()).doesNotContain(token).doesNotContain(token.split("\\.")[2]);
    }

    @Test
    void the_account_that_the_caller_means_must_be_one_that_takes_it() throws Exception {
        // Given
        String token = github.token(good());

        // Then
        assertThat(issuers.byToken(POLICY, token, Optional.of("acme")).get(10, TimeUnit.SECONDS))
                .isInstanceOf(Authenticated.class);
        assertRefused(
                issuers.byToken(POLICY, token, Optional.of("other")).get(10, TimeUnit.SECONDS), "no account takes it");
    }

    private void later(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private Authentication judge(String token) {
        try {
            return issuers.byToken(POLICY, token, Optional.empty()).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(Authentication outcome, String why) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        RejectedToken.class,
                        rejected -> assertThat(rejected.why()).contains(why));
    }

    private static Map<String, Object> good() {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", GITHUB);
        claims.put("sub", "bot");
        claims.put("aud", AUDIENCE);
        claims.put("iat", now - 5);
        claims.put("nbf", now - 5);
        claims.put("exp", now + 300);
        return claims;
    }

    private static Map<String, Object> with(Map<String, Object> change) {
        Map<String, Object> claims = good();
        claims.putAll(change);
        return claims;
    }

    private static Issuers.Known known(String name, String url, Path keys) {
        return new Issuers.Known(
                new Issuer(
                        url,
                        Set.of(AUDIENCE),
                        Issuer.ASYMMETRIC,
                        Duration.ofSeconds(30),
                        8 * 1024,
                        IssuerRules.of(name)),
                new KeyPlace.InFile(keys),
                new KeyPace(Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofHours(24)));
    }
}
