package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens: what they say, that they are read again, and all that is none. */
class RefreshTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.987Z");
    private static final Duration LIFE = Duration.ofDays(30);
    private static final RefreshToken.Claims CLAIMS = new RefreshToken.Claims(
            "user:acme/alice", "acme", "registry.example.com", "password", "AAAAAAAAAAAAAAAAAAAAAA");

    private final TokenKeys keys = new TokenKeys(KeyRing.of(TestKeys.ES256));
    private final RefreshTokens tokens = new RefreshTokens(keys, "postern", LIFE);

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void whatIsIssuedIsRead(SigningAlgorithm algorithm) {
        // Given
        RefreshTokens own = new RefreshTokens(new TokenKeys(KeyRing.of(TestKeys.of(algorithm))), "postern", LIFE);

        // When
        RefreshToken token = own.issue(CLAIMS, NOW);

        // Then
        assertThat(own.read(token.value(), NOW))
                .isEqualTo(new RefreshToken.Valid(CLAIMS, token.id(), Instant.parse("2026-06-01T12:00:00Z")));
        assertThat(token.toString()).doesNotContain(token.value());
    }

    @Test
    void aRegistryCanTakeItForNoTokenOfItsOwn() throws Exception {
        // When
        String token = tokens.issue(CLAIMS, NOW).value();

        // Then
        JsonNode header = json(token, 0);
        JsonNode claims = json(token, 1);
        assertThat(header.path("typ").asText()).isEqualTo("postern-refresh+jwt");
        assertThat(header.has("x5c")).isFalse();
        assertThat(header.path("kid").asText())
                .isNotEqualTo(TestKeys.ES256.thumbprint())
                .isNotEqualTo(TestKeys.ES256.published().libtrustId());
        assertThat(claims.path("aud").asText()).isEqualTo("postern/refresh");
        assertThat(claims.has("access")).isFalse();
    }

    @Test
    void aRegistryTokenIsNoRefreshTokenAndTheOtherWayRound() {
        // Given
        RegistryToken.Claims claims = new RegistryToken.Claims("user:acme/alice", "postern/refresh", List.of());
        RegistryTokenReader reader = new RegistryTokenReader(keys, "postern", "postern/refresh");

        // Then
        for (KeyIdForm form : KeyIdForm.values()) {
            String registryToken = new TokenIssuer(keys, form, "postern", Duration.ofMinutes(5))
                    .issue(claims, NOW)
                    .value();
            assertThat(reader.read(registryToken, NOW)).isInstanceOf(RegistryTokenReader.Valid.class);
            assertThat(tokens.read(registryToken, NOW)).isInstanceOf(RefreshToken.Invalid.class);
        }
        assertThat(reader.read(tokens.issue(CLAIMS, NOW).value(), NOW)).isInstanceOf(RegistryTokenReader.NotOurs.class);
    }

    @Test
    void itIsReadUntilItExpires() {
        // Given
        String token = tokens.issue(CLAIMS, NOW).value();

        // Then
        assertThat(tokens.read(token, NOW.plus(LIFE).minusSeconds(2))).isInstanceOf(RefreshToken.Valid.class);
        assertThat(tokens.read(token, NOW.plus(LIFE))).isEqualTo(new RefreshToken.Invalid("it has expired"));
    }

    @Test
    void itIsNotReadBeforeItWasIssued() {
        // Given
        String token = tokens.issue(CLAIMS, NOW.plusSeconds(120)).value();

        // Then: but for clocks that differ a little
        assertThat(tokens.read(token, NOW)).isEqualTo(new RefreshToken.Invalid("it is not issued yet"));
        assertThat(tokens.read(token, NOW.plusSeconds(60))).isInstanceOf(RefreshToken.Valid.class);
    }

    @Test
    void aKeyThatHasRetiredIsVerifiedUntilItIsGone() {
        // Given
        String token = tokens.issue(CLAIMS, NOW).value();

        // When, Then
        keys.use(new KeyRing(TestKeys.RS256, List.of(TestKeys.ES256.published())));
        assertThat(tokens.read(token, NOW)).isInstanceOf(RefreshToken.Valid.class);
        keys.use(KeyRing.of(TestKeys.RS256));
        assertThat(tokens.read(token, NOW)).isInstanceOf(RefreshToken.Invalid.class);
    }

    @TestFactory
    Stream<DynamicTest> whatWasNotIssuedHereIsNotRead() throws Exception {
        String good = tokens.issue(CLAIMS, NOW).value();
        String[] part = good.split("\\.");
        String kid = json(good, 0).path("kid").asText();
        String x5c = new TokenIssuer(keys, KeyIdForm.X5C, "postern", Duration.ofMinutes(5))
                .issue(new RegistryToken.Claims("a", "b", List.of()), NOW)
                .value()
                .split("\\.")[0];
        SigningKey strangers = KeyFiles.generate(SigningAlgorithm.ES256, "postern", NOW);
        String foreign = new RefreshTokens(new TokenKeys(KeyRing.of(strangers)), "postern", LIFE)
                .issue(CLAIMS, NOW)
                .value();
        String none = header("{\"typ\":\"postern-refresh+jwt\",\"alg\":\"none\",\"kid\":\"" + kid + "\"}");
        String hmac = header("{\"typ\":\"postern-refresh+jwt\",\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}");
        String rs256 = header("{\"typ\":\"postern-refresh+jwt\",\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}");
        return Stream.of(
                refused("empty", ""),
                refused("no dots", "abc"),
                refused("dots alone", ".."),
                refused("two parts", part[0] + "." + part[1]),
                refused("four parts", good + ".x"),
                refused("without a signature", part[0] + "." + part[1] + "."),
                refused("another payload", part[0] + "." + part[1].replaceFirst(".$", "A") + "." + part[2]),
                refused("another's signature", part[0] + "." + part[1] + "." + foreign.split("\\.")[2]),
                refused("another's key", foreign),
                refused("our header on another's", part[0] + "." + foreign.split("\\.", 2)[1]),
                refused("a registry token's header", x5c + "." + part[1] + "." + part[2]),
                refused("alg none", none + "." + part[1] + "."),
                refused("alg none, with the signature", none + "." + part[1] + "." + part[2]),
                refused("HS256 by the public key", hmac + "." + part[1] + "." + hmac(hmac + "." + part[1])),
                refused("RS256 by a P-256 key", rs256 + "." + part[1] + "." + part[2]),
                refused("a padded header", part[0] + "=." + part[1] + "." + part[2]),
                refused("padding in the signature", good + "="),
                refused("all of its padding", good + "=="),
                refused(
                        "other bits at the end of the signature",
                        good.substring(0, good.length() - 1)
                                + "BRhx".charAt("AQgw".indexOf(good.charAt(good.length() - 1)))),
                refused("white space", " " + good),
                refused("a line end", good + "\n"),
                refused("not base64", part[0] + "." + part[1] + ".!!!!"),
                refused("a DER signature", part[0] + "." + part[1] + "." + base64(new byte[71])),
                refused("zeros for a signature", part[0] + "." + part[1] + "." + base64(new byte[64])),
                refused("very long", good + "A".repeat(100_000)));
    }

    private DynamicTest refused(String title, String token) {
        return dynamicTest(title, () -> assertThat(tokens.read(token, NOW)).isInstanceOf(RefreshToken.Invalid.class));
    }

    /** What we sign ourselves but would never write: the signature is good, and it is refused all the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "null",
                "{\"iss\":\"postern\"}",
                "{\"iss\":\"other\",\"aud\":\"postern/refresh\",\"exp\":4000000000,\"iat\":1}",
                "{\"iss\":\"postern\",\"aud\":\"registry.example.com\",\"exp\":4000000000,\"iat\":1,\"sub\":\"a\","
                        + "\"jti\":\"b\",\"account\":\"c\",\"service\":\"d\",\"credential\":\"e\",\"fingerprint\":\"f\"}",
                "{\"iss\":\"postern\",\"aud\":[\"postern/refresh\"],\"exp\":4000000000,\"iat\":1}",
                "{\"iss\":\"postern\",\"aud\":\"postern/refresh\",\"exp\":\"4000000000\",\"iat\":1}",
                "{\"iss\":\"postern\",\"aud\":\"postern/refresh\",\"exp\":4e9,\"iat\":1}",
                "{\"iss\":\"postern\",\"aud\":\"postern/refresh\",\"exp\":4000000000}",
                "{\"iss\":\"postern\",\"aud\":\"postern/refresh\",\"exp\":4000000000,\"iat\":1,\"sub\":\"a\"}",
                "{\"iss\":\"postern\",\"iss\":\"postern\",\"aud\":\"postern/refresh\",\"exp\":4000000000,\"iat\":1}",
                "{\"iss\":\"postern\",\"aud\":\"postern/refresh\",\"exp\":99999999999999999999,\"iat\":1}",
                "not json",
            })
    void claimsThatAreNotARefreshTokensAreRefused(String claims) {
        // Given
        String token = SignedText.sign(
                JwsHeader.ofRefreshToken(TestKeys.ES256.published()),
                claims.getBytes(StandardCharsets.UTF_8),
                new Signer(TestKeys.ES256));

        // Then
        assertThat(tokens.read(token, NOW)).isInstanceOf(RefreshToken.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT4M59S", "P90DT1S", "PT0S"})
    void aLifeBeyondTheBoundsIsRefused(Duration life) {
        assertThatThrownBy(() -> new RefreshTokens(keys, "postern", life)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String header(String json) {
        return base64(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String hmac(String signed) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(TestKeys.ES256.publicKey().getEncoded(), "HmacSHA256"));
        return base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static JsonNode json(String token, int index) throws Exception {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[index]));
    }
}
