package dev.postern.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.OutsideTokens.Invalid;
import dev.postern.identity.OutsideTokens.Reading;
import dev.postern.identity.OutsideTokens.Unknown;
import dev.postern.identity.OutsideTokens.Valid;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.testing.TestIssuer;
import dev.postern.token.RegistryToken.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

/** Which registry tokens of other token services are taken, and what they allow. */
class RegistryIssuersTest {

    private static final String HUB = "hub.example.com auth server";
    private static final String MIRROR = "https://mirror.example.com/";
    private static final String SERVICE = "registry.example.com";
    private static final String OTHER_SERVICE = "registry.example.org";
    private static final Instant NOW = Instant.ofEpochSecond(Instant.now().getEpochSecond());

    @TempDir
    Path directory;

    private final TestIssuer hub = TestIssuer.of("hub-1");
    private final TestIssuer mirror = TestIssuer.of("mirror-1");
    private Path hubs;
    private Path mirrors;
    private RegistryIssuers issuers;

    @BeforeEach
    void issuersWithKeys() throws IOException {
        hubs = Files.writeString(directory.resolve("hub.json"), TestIssuer.jwks(hub));
        mirrors = Files.writeString(directory.resolve("mirror.json"), TestIssuer.jwks(mirror));
        start();
    }

    private void start() {
        issuers = new RegistryIssuers(List.of(
                known("hub", HUB, hubs, Set.of(SERVICE)),
                known("mirror", MIRROR, mirrors, Set.of(SERVICE, OTHER_SERVICE))));
    }

    @AfterEach
    void close() {
        issuers.close();
    }

    private static Issuers.Known known(String name, String url, Path keys, Set<String> audiences) {
        return new Issuers.Known(
                new Issuer(
                        url, audiences, Set.of("ES256", "RS256"), Duration.ofSeconds(30), 8192, IssuerRules.of(name)),
                new KeyPlace.InFile(keys),
                new KeyPace(Duration.ZERO, Duration.ofMinutes(10), Duration.ofHours(24)));
    }

    @Test
    void a_good_token_allows_what_it_says() {
        assertThat(read(hub.token(good())))
                .isEqualTo(new Valid(
                        "hub",
                        "alice",
                        List.of(new Access("repository", "acme/app", Set.of("pull", "push"))),
                        Optional.empty(),
                        "id-1",
                        NOW));
    }

    static Stream<Arguments> goodChanges() {
        long now = NOW.getEpochSecond();
        return Stream.of(
                Arguments.of("a list of audiences", Map.of("aud", List.of("another", SERVICE))),
                Arguments.of("expired within the skew", Map.of("iat", now - 300, "nbf", now - 300, "exp", now - 10)),
                Arguments.of("issued in the future within the skew", Map.of("iat", now + 10)),
                Arguments.of("not before, within the skew", Map.of("nbf", now + 10)),
                Arguments.of("nobody in particular", Map.of("sub", "")),
                Arguments.of("a name of many letters", Map.of("sub", "a\u00e9\n\"\\ %")),
                Arguments.of("nothing allowed", Map.of("access", List.of())),
                Arguments.of("claims that nobody asks for", Map.of("x", Map.of("access", List.of(1, true)))),
                Arguments.of(
                        "a class, and what nobody asks for",
                        Map.of(
                                "access",
                                List.of(Map.of(
                                        "type", "repository",
                                        "class", "plugin",
                                        "name", "acme/app",
                                        "meta", Map.of("actions", List.of("*")),
                                        "actions", List.of("pull"))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodChanges")
    void a_token_is_taken(String name, Map<String, Object> change) {
        assertThat(read(hub.token(with(change)))).isInstanceOf(Valid.class);
    }

    @Test
    void a_name_is_written_so_that_it_may_stand_in_a_header() {
        assertThat(read(hub.token(with(Map.of("sub", "a\u00e9\r\nX: 1", "jti", "i\nd")))))
                .isInstanceOfSatisfying(Valid.class, valid -> {
                    assertThat(valid.subject()).isEqualTo("a%C3%A9%0D%0AX:%201");
                    assertThat(valid.id()).isEqualTo("i%0Ad");
                });
    }

    @Test
    void without_access_it_allows_nothing_and_an_entry_without_actions_neither() {
        // Given
        Map<String, Object> claims = good();
        claims.remove("access");
        Map<String, Object> entry = new LinkedHashMap<>(Map.of("type", "repository", "name", "acme/app"));
        // Then
        assertThat(read(hub.token(claims)))
                .isInstanceOfSatisfying(
                        Valid.class, valid -> assertThat(valid.access()).isEmpty());
        assertThat(read(hub.token(with(Map.of("access", List.of(entry))))))
                .isInstanceOfSatisfying(
                        Valid.class,
                        valid -> assertThat(valid.access())
                                .containsExactly(new Access("repository", "acme/app", Set.of())));
    }

    @Test
    void what_it_is_bound_to_is_told() {
        assertThat(read(hub.token(with(Map.of("bound_to", "address:203.0.113.9")))))
                .isInstanceOfSatisfying(
                        Valid.class, valid -> assertThat(valid.boundTo()).contains("address:203.0.113.9"));
    }

    static Stream<Arguments> badChanges() {
        long now = NOW.getEpochSecond();
        List<String> actions = List.of("pull");
        return Stream.of(
                Arguments.of("it has expired", Map.of("iat", now - 300, "nbf", now - 300, "exp", now - 60)),
                Arguments.of("when it expires", Map.of("exp", "2100-01-01")),
                Arguments.of("it is not good yet", Map.of("nbf", now + 120)),
                Arguments.of("it is not good yet", Map.of("nbf", "soon")),
                Arguments.of("it was issued in the future", Map.of("iat", now + 120)),
                Arguments.of("it is for another registry", Map.of("aud", OTHER_SERVICE)),
                Arguments.of("it is for another registry", Map.of("aud", List.of())),
                Arguments.of("it is for another registry", Map.of("aud", SERVICE + ".evil.example")),
                Arguments.of("it is for another registry", Map.of("aud", Map.of("a", SERVICE))),
                Arguments.of("its issuer is none of the settings'", Map.of("iss", "postern")),
                Arguments.of("its issuer is none of the settings'", Map.of("iss", HUB + " ")),
                Arguments.of("its issuer is none of the settings'", Map.of("iss", HUB.toUpperCase(Locale.ROOT))),
                Arguments.of("names no algorithm or no issuer", Map.of("iss", List.of(HUB))),
                Arguments.of("its key is not one of the issuer's", Map.of("iss", MIRROR)),
                Arguments.of("its claims are not", Map.of("sub", 7)),
                Arguments.of("its claims are not", Map.of("sub", List.of("alice"))),
                Arguments.of("its claims are not", Map.of("sub", "a".repeat(513))),
                Arguments.of("its claims are not", Map.of("jti", "")),
                Arguments.of("its claims are not", Map.of("jti", 1)),
                Arguments.of("its claims are not", Map.of("bound_to", List.of("address:203.0.113.9"))),
                Arguments.of("its claims are not", Map.of("access", "repository:acme/app:pull")),
                Arguments.of("its claims are not", Map.of("access", Map.of())),
                Arguments.of("its claims are not", Map.of("access", List.of("repository:acme/app:pull"))),
                Arguments.of("its claims are not", Map.of("access", List.of(Map.of("type", "repository")))),
                Arguments.of(
                        "its claims are not",
                        Map.of("access", List.of(Map.of("type", "repository", "name", "a", "actions", "pull")))),
                Arguments.of(
                        "its claims are not",
                        Map.of("access", List.of(Map.of("type", "repository", "name", "a", "actions", List.of(1))))),
                Arguments.of(
                        "its claims are not",
                        Map.of("access", List.of(Map.of("type", List.of(), "name", "a", "actions", actions)))),
                Arguments.of(
                        "it is longer than 8192 characters",
                        Map.of("access", many(100, Map.of("type", "repository", "name", "a", "actions", actions)))));
    }

    private static List<Map<String, Object>> many(int count, Map<String, Object> entry) {
        return Stream.generate(() -> entry).limit(count + 50L).toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badChanges")
    void a_token_is_refused(String why, Map<String, Object> change) {
        String token = hub.token(with(change));
        assertRefused(read(token), why);
        assertRefused(read(token), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "aud", "iss", "sub", "jti"})
    void a_token_without_a_claim_is_refused(String claim) {
        // Given
        Map<String, Object> claims = good();
        claims.remove(claim);
        // Then
        assertThat(read(hub.token(claims))).isInstanceOf(Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "HS256", "HS512", "ES384", "PS256", "RS256", "EdDSA", "ES256K", ""})
    void a_token_of_another_algorithm_is_refused(String algorithm) {
        // Given
        Map<String, String> header = Map.of("alg", algorithm, "kid", hub.keyId());
        // Then
        assertThat(read(TestIssuer.part(header) + "." + TestIssuer.part(good()) + "."))
                .isInstanceOf(Invalid.class);
        assertThat(read(hub.signed(header, good()))).isInstanceOf(Invalid.class);
    }

    @Test
    void the_public_key_is_no_secret_to_sign_with() throws GeneralSecurityException {
        // Given
        String content = TestIssuer.part(Map.of("alg", "HS256", "kid", hub.keyId())) + "." + TestIssuer.part(good());
        for (byte[] secret : List.of(
                hub.keys().getPublic().getEncoded(), TestIssuer.jwks(hub).getBytes(StandardCharsets.UTF_8))) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
            // Then
            assertRefused(
                    read(content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature)),
                    "its algorithm is not one of the issuer's");
        }
    }

    @Test
    void a_key_that_the_token_brings_along_is_not_looked_at() {
        // Given
        TestIssuer own = TestIssuer.of("mallory");
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("jwk", own.jwk());
        header.put("jku", "https://mallory.example.com/keys");
        header.put("x5u", "https://mallory.example.com/certificate");
        header.put(
                "x5c",
                List.of(Base64.getEncoder()
                        .encodeToString(own.keys().getPublic().getEncoded())));
        // Then
        assertRefused(read(own.signed(header, good())), "it does not name its key");
        header.put("kid", own.keyId());
        assertRefused(read(own.signed(header, good())), "its key is not one of the issuer's");
        header.put("kid", hub.keyId());
        assertRefused(read(own.signed(header, good())), "its signature is not that of the issuer's key");
    }

    @Test
    void a_key_of_the_same_name_is_another_at_another_issuer() throws IOException {
        // Given
        TestIssuer namesake = new TestIssuer(hub.keyId(), mirror.keys());
        Files.writeString(mirrors, TestIssuer.jwks(namesake));
        // Then
        assertThat(read(hub.token(good()))).isInstanceOf(Valid.class);
        assertThat(read(namesake.token(with(Map.of("iss", MIRROR))))).isInstanceOf(Valid.class);
        assertRefused(read(namesake.token(good())), "its signature is not that of the issuer's key");
        assertRefused(read(hub.token(with(Map.of("iss", MIRROR)))), "its signature is not that of the issuer's key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "postern-refresh+jwt", "logout+jwt", "JWT ", "application/jwt"})
    void a_token_of_another_kind_is_refused(String type) {
        assertRefused(
                read(hub.signed(Map.of("alg", "ES256", "kid", hub.keyId(), "typ", type), good())), "another kind");
    }

    @Test
    void a_token_that_does_not_say_its_kind_is_taken() {
        assertThat(read(hub.signed(Map.of("alg", "ES256", "kid", hub.keyId()), good())))
                .isInstanceOf(Valid.class);
    }

    @Test
    void an_issuer_speaks_for_its_registries_alone() {
        // Given
        String hubs = hub.token(with(Map.of("aud", List.of(SERVICE, OTHER_SERVICE))));
        String mirrors = mirror.token(with(Map.of("iss", MIRROR, "aud", List.of(SERVICE, OTHER_SERVICE))));
        String narrow = mirror.token(with(Map.of("iss", MIRROR, "aud", OTHER_SERVICE)));
        for (int i = 0; i < 2; i++) {
            // Then: remembered or not
            assertThat(read(hubs, SERVICE)).isInstanceOf(Valid.class);
            assertRefused(read(hubs, OTHER_SERVICE), "it is for another registry");
            assertThat(read(mirrors, SERVICE)).isInstanceOf(Valid.class);
            assertThat(read(mirrors, OTHER_SERVICE)).isInstanceOf(Valid.class);
            assertThat(read(narrow, OTHER_SERVICE)).isInstanceOf(Valid.class);
            assertRefused(read(narrow, SERVICE), "it is for another registry");
            assertThat(read(narrow, "registry.example.net")).isInstanceOf(Invalid.class);
        }
    }

    @Test
    void what_is_remembered_ends_with_the_token() {
        // Given
        String token = hub.token(good());
        assertThat(read(token)).isInstanceOf(Valid.class);
        // Then
        assertThat(read(token, SERVICE, NOW.plusSeconds(299))).isInstanceOf(Valid.class);
        assertRefused(read(token, SERVICE, NOW.plusSeconds(331)), "it has expired");
    }

    @Test
    void what_is_remembered_ends_with_the_key() throws IOException {
        // Given
        Map<String, Object> lasting = with(Map.of("exp", NOW.plusSeconds(2000).getEpochSecond()));
        String token = hub.token(lasting);
        Instant later = NOW.plusSeconds(601);
        assertThat(read(token)).isInstanceOf(Valid.class);
        // When: the issuer has another key, and is asked again
        TestIssuer next = TestIssuer.of("hub-2");
        Files.writeString(hubs, TestIssuer.jwks(next));
        issuers.tick(later);
        assertThat(read(next.token(lasting), SERVICE, later)).isInstanceOf(Valid.class);
        // Then
        assertRefused(read(token, SERVICE, later), "its key is not one of the issuer's");
    }

    @Test
    void keys_at_hand_are_good_while_the_issuer_does_not_give_any_and_not_for_ever() throws IOException {
        // Given
        String token = hub.token(with(Map.of("exp", NOW.plusSeconds(200_000).getEpochSecond())));
        assertThat(read(token)).isInstanceOf(Valid.class);
        // When
        Files.delete(hubs);
        issuers.tick(NOW.plusSeconds(601));
        // Then
        assertThat(read(token, SERVICE, NOW.plusSeconds(86_000))).isInstanceOf(Valid.class);
        assertThat(read(token, SERVICE, NOW.plusSeconds(90_000))).isInstanceOf(Unknown.class);
        assertThat(issuers.troubles()).containsKey("hub");
    }

    @Test
    void without_keys_nothing_is_known() throws IOException {
        // Given
        Files.delete(hubs);
        // Then
        assertThat(read(hub.token(good()))).isInstanceOf(Unknown.class);
        assertThat(read(mirror.token(with(Map.of("iss", MIRROR))))).isInstanceOf(Valid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "e30.e30.", "{}.{}.{}", "\u00e9.\u00e9.\u00e9"})
    void what_is_no_token_is_refused(String text) {
        assertThat(read(text)).isInstanceOf(Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {8_193, 16_385, 32_768, 1_000_000})
    void a_huge_token_is_refused(int length) {
        String token = hub.token(good());
        assertThat(read(token + "A".repeat(length - token.length()))).isInstanceOf(Invalid.class);
    }

    /** One that was read before lends its word to no other text. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40, 90, 200, 300})
    void a_changed_character_is_another_token(int place) {
        // Given
        String token = hub.token(good());
        assertThat(read(token)).isInstanceOf(Valid.class);
        int at = token.length() - 1 - place;
        String other = token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
        // Then
        assertThat(read(other)).isInstanceOf(Invalid.class);
        assertThat(read(other)).isInstanceOf(Invalid.class);
    }

    @Test
    void two_issuers_of_one_name_are_a_mistake() {
        assertThatThrownBy(() -> new RegistryIssuers(
                        List.of(known("a", HUB, hubs, Set.of(SERVICE)), known("b", HUB, mirrors, Set.of(SERVICE)))))
                .hasMessageContaining(HUB);
    }

    private Reading read(String token) {
        return read(token, SERVICE);
    }

    private Reading read(String token, String service) {
        return read(token, service, NOW);
    }

    private Reading read(String token, String service, Instant now) {
        return issuers.read(token, service, now).orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static Map<String, Object> good() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", HUB);
        claims.put("sub", "alice");
        claims.put("aud", SERVICE);
        claims.put("iat", NOW.getEpochSecond());
        claims.put("nbf", NOW.getEpochSecond());
        claims.put("exp", NOW.getEpochSecond() + 300);
        claims.put("jti", "id-1");
        claims.put(
                "access",
                List.of(Map.of("type", "repository", "name", "acme/app", "actions", List.of("pull", "push"))));
        return claims;
    }

    private static Map<String, Object> with(Map<String, Object> change) {
        Map<String, Object> claims = good();
        claims.putAll(change);
        return claims;
    }

    private static void assertRefused(Reading reading, String why) {
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.why()).contains(why));
    }
}
