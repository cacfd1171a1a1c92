package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.token.RegistryToken.Access;
import dev.postern.token.RegistryToken.Claims;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens, taken apart and verified as a registry does. */
class TokenIssuerTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.987Z");
    private static final long SECONDS = 1_780_315_200L;
    private static final Claims CLAIMS = new Claims(
            "service-id:acme/build-bot",
            "registry.example.com",
            List.of(
                    new Access("repository", "acme/app", new LinkedHashSet<>(List.of("pull", "push"))),
                    new Access("repository", "acme/none", Set.of()),
                    new Access("registry", "catalog", Set.of("*"))));

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void theSignatureIsThatOfTheKey(SigningAlgorithm algorithm) throws Exception {
        // Given
        SigningKey key = TestKeys.of(algorithm);
        // When
        String token = issuer(key, KeyIdForm.X5C).issue(CLAIMS, NOW).value();
        // Then
        assertThat(verifies(token, algorithm, key.publicKey())).isTrue();
        assertThat(verifies(token.replaceFirst("\\..", ".x"), algorithm, key.publicKey()))
                .isFalse();
        SigningKey other = KeyFiles.generate(algorithm, "other", NOW);
        assertThat(verifies(token, algorithm, other.publicKey())).isFalse();
    }

    @Test
    void anEs256SignatureIsRawRAndS() {
        // Given
        TokenIssuer issuer = issuer(TestKeys.ES256, KeyIdForm.X5C);
        // Then
        for (int i = 0; i < 64; i++) {
            assertThat(part(issuer.issue(CLAIMS, NOW).value(), 2)).hasSize(64);
        }
    }

    @Test
    void aTokenIsThreePartsOfBase64urlWithoutPadding() {
        for (KeyIdForm form : KeyIdForm.values()) {
            assertThat(issuer(TestKeys.ES256, form).issue(CLAIMS, NOW).value())
                    .matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
        }
    }

    @Test
    void theClaimsAreOfTheTypesThatRegistriesTake() throws Exception {
        // When
        RegistryToken token = issuer(TestKeys.ES256, KeyIdForm.X5C).issue(CLAIMS, NOW);
        JsonNode claims = json(token.value(), 1);
        // Then
        assertThat(names(claims)).containsExactly("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "access");
        assertThat(claims.get("iss").textValue()).isEqualTo("postern.example.com");
        assertThat(claims.get("sub").textValue()).isEqualTo("service-id:acme/build-bot");
        assertThat(claims.get("aud").textValue()).isEqualTo("registry.example.com");
        assertThat(claims.get("jti").textValue()).isEqualTo(token.id()).hasSizeGreaterThanOrEqualTo(22);
        assertThat(claims.get("exp").isIntegralNumber()).isTrue();
        assertThat(claims.get("exp").longValue()).isEqualTo(SECONDS + 300);
        assertThat(claims.get("nbf").isIntegralNumber()).isTrue();
        assertThat(claims.get("nbf").longValue()).isEqualTo(SECONDS);
        assertThat(claims.get("iat").isIntegralNumber()).isTrue();
        assertThat(claims.get("iat").longValue()).isEqualTo(SECONDS);
        assertThat(payload(token.value())).doesNotContain("null", " ");
        assertThat(token.issuedAt()).isEqualTo(Instant.ofEpochSecond(SECONDS));
        assertThat(token.lifetime()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void theAccessIsWhatWasGranted() throws Exception {
        // When
        JsonNode access = json(
                        issuer(TestKeys.ES256, KeyIdForm.X5C).issue(CLAIMS, NOW).value(), 1)
                .get("access");
        // Then
        assertThat(access)
                .hasToString("[{\"type\":\"repository\",\"name\":\"acme/app\",\"actions\":[\"pull\",\"push\"]},"
                        + "{\"type\":\"registry\",\"name\":\"catalog\",\"actions\":[\"*\"]}]");
    }

    @Test
    void anAnonymousTokenOfNothingHasAnEmptySubjectAndAnEmptyList() throws Exception {
        // When
        String token = issuer(TestKeys.ES256, KeyIdForm.X5C)
                .issue(new Claims("", "registry.example.com", List.of()), NOW)
                .value();
        // Then
        assertThat(json(token, 1).get("sub").textValue()).isEmpty();
        assertThat(payload(token)).contains("\"sub\":\"\"", "\"access\":[]");
    }

    @Test
    void textsAreEscaped() throws Exception {
        // Given
        String hostile = "a\",\"sub\":\"user:acme/admin\\\n\u0000é";
        // When
        JsonNode claims = json(
                new TokenIssuer(
                                new TokenKeys(KeyRing.of(TestKeys.ES256)),
                                KeyIdForm.THUMBPRINT,
                                hostile,
                                Duration.ofMinutes(5))
                        .issue(
                                new Claims(hostile, hostile, List.of(new Access(hostile, hostile, Set.of(hostile)))),
                                NOW)
                        .value(),
                1);
        // Then
        assertThat(Stream.of("iss", "sub", "aud").map(name -> claims.get(name).textValue()))
                .containsOnly(hostile);
        assertThat(claims.at("/access/0/actions/0").textValue()).isEqualTo(hostile);
    }

    @Test
    void noTwoTokensHaveOneId() {
        // Given
        TokenIssuer issuer = issuer(TestKeys.ES256, KeyIdForm.THUMBPRINT);
        // When
        List<String> ids =
                Stream.generate(() -> issuer.issue(CLAIMS, NOW).id()).limit(500).toList();
        // Then
        assertThat(ids).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void theHeaderNamesTheKeyInTheFormAskedFor(SigningAlgorithm algorithm) throws Exception {
        // Given
        SigningKey key = TestKeys.of(algorithm);
        // When
        JsonNode x5c = json(issuer(key, KeyIdForm.X5C).issue(CLAIMS, NOW).value(), 0);
        JsonNode libtrust =
                json(issuer(key, KeyIdForm.LIBTRUST).issue(CLAIMS, NOW).value(), 0);
        JsonNode thumbprint =
                json(issuer(key, KeyIdForm.THUMBPRINT).issue(CLAIMS, NOW).value(), 0);
        // Then
        assertThat(x5c)
                .hasToString("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\",\"x5c\":[\""
                        + key.published().x5c().getFirst() + "\"]}");
        assertThat(libtrust)
                .hasToString("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\",\"kid\":\""
                        + key.published().libtrustId() + "\"}");
        assertThat(thumbprint)
                .hasToString("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\",\"kid\":\"" + key.thumbprint() + "\"}");
    }

    @ParameterizedTest
    @CsvSource({"60, true", "61, true", "86400, true", "59, false", "0, false", "-300, false"})
    void aTokenLivesForSixtySecondsAtLeast(long seconds, boolean good) throws Exception {
        // Given
        Duration lifetime = Duration.ofSeconds(seconds);
        // Then
        if (good) {
            String token = new TokenIssuer(
                            new TokenKeys(KeyRing.of(TestKeys.ES256)), KeyIdForm.X5C, "postern", lifetime)
                    .issue(CLAIMS, NOW)
                    .value();
            assertThat(json(token, 1).get("exp").longValue()).isEqualTo(SECONDS + seconds);
        } else {
            assertThatThrownBy(() -> new TokenIssuer(
                            new TokenKeys(KeyRing.of(TestKeys.ES256)), KeyIdForm.X5C, "postern", lifetime))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anotherProviderSignsOnceItIsTriedAndOneThatCannotIsLeft() throws Exception {
        // Given
        TokenIssuer issuer = issuer(TestKeys.ES256, KeyIdForm.X5C);
        Provider able = Security.getProvider("SunEC");
        Provider unable = Security.getProvider("SUN");
        // When
        boolean refused = issuer.keys().tryToUse(unable);
        boolean taken = issuer.keys().tryToUse(able);
        // Then
        assertThat(refused).isFalse();
        assertThat(taken).isTrue();
        String token = issuer.issue(CLAIMS, NOW).value();
        assertThat(part(token, 2)).hasSize(64);
        assertThat(verifies(token, SigningAlgorithm.ES256, TestKeys.ES256.publicKey()))
                .isTrue();
    }

    @Test
    void manyThreadsSignAtOnce() throws Exception {
        // Given
        TokenIssuer issuer = issuer(TestKeys.ES256, KeyIdForm.X5C);
        List<String> tokens = new ArrayList<>();
        // When
        Stream.generate(() -> issuer.issue(CLAIMS, NOW).value())
                .limit(200)
                .parallel()
                .forEach(token -> {
                    synchronized (tokens) {
                        tokens.add(token);
                    }
                });
        // Then
        for (String token : tokens) {
            assertThat(verifies(token, SigningAlgorithm.ES256, TestKeys.ES256.publicKey()))
                    .isTrue();
        }
    }

    @Test
    void theTextOfATokenHoldsItsIdOnly() {
        // When
        RegistryToken token = issuer(TestKeys.ES256, KeyIdForm.X5C).issue(CLAIMS, NOW);
        // Then
        assertThat(token).hasToString("RegistryToken[" + token.id() + "]");
    }

    private static TokenIssuer issuer(SigningKey key, KeyIdForm form) {
        return new TokenIssuer(new TokenKeys(KeyRing.of(key)), form, "postern.example.com", Duration.ofMinutes(5));
    }

    /** Verifies with the JDK alone; an ES256 signature is first put into the DER form that the plain algorithm takes. */
    private static boolean verifies(String token, SigningAlgorithm algorithm, PublicKey key) throws Exception {
        byte[] signature = part(token, 2);
        Signature verifier;
        if (algorithm == SigningAlgorithm.ES256) {
            verifier = Signature.getInstance("SHA256withECDSA");
            signature = new DERSequence(new ASN1Integer[] {
                        new ASN1Integer(new java.math.BigInteger(1, signature, 0, 32)),
                        new ASN1Integer(new java.math.BigInteger(1, signature, 32, 32))
                    })
                    .getEncoded();
        } else {
            verifier = Signature.getInstance("SHA256withRSA");
        }
        verifier.initVerify(key);
        verifier.update(token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII));
        return verifier.verify(signature);
    }

    private static byte[] part(String token, int index) {
        return Base64.getUrlDecoder().decode(token.split("\\.")[index]);
    }

    private static String payload(String token) {
        return new String(part(token, 1), StandardCharsets.UTF_8);
    }

    private static JsonNode json(String token, int index) throws Exception {
        return new ObjectMapper().readTree(part(token, index));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
