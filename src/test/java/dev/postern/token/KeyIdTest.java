package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key ids against published and independently computed vectors, and the JWK set. */
class KeyIdTest {

    /** The key of RFC 7638 section 3.1. */
    private static final PublicKey RFC_7638 = TestKeys.rsaPublic(
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
                    + "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0z"
                    + "gdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-"
                    + "csFCur-kEgU8awapJzKnqDKgw",
            "AQAB");

    /** The P-256 key of RFC 7517 appendix A.1. */
    private static final PublicKey RFC_7517 = TestKeys.p256Public(
            "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");

    /** The P-256 key of the private number 379, whose x begins with a zero byte. */
    private static final PublicKey LEADING_ZERO = TestKeys.p256Public(
            "AFVDiUrz0A7X10Cr29dclrBod7eH219w7qeLkKjXwAo", "u0yFo9jqKe-q-iRAaRLdhNWxTcMr9lbvbGvVil2UP5I");

    @Test
    void theThumbprintOfAnRsaKeyIsThatOfTheStandard() {
        assertThat(TestKeys.publicHalf(SigningAlgorithm.RS256, RFC_7638).thumbprint())
                .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    /** Recorded with Python: SHA-256 of the members in order, base64url. */
    @Test
    void theThumbprintOfAnEcKeyHasCoordinatesOfFullLength() {
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, RFC_7517).thumbprint())
                .isEqualTo("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, LEADING_ZERO).thumbprint())
                .isEqualTo("7Yxe6c_3bAa6kiaK1G-BZmi9EeNsUmlcbdnrtLeuK4E");
    }

    /** Recorded with Python: base32 of the first 240 bits of the SHA-256 of SubjectPublicKeyInfo, in groups of four. */
    @Test
    void theLibtrustIdIsTwelveGroupsOfFour() {
        assertThat(TestKeys.publicHalf(SigningAlgorithm.RS256, RFC_7638)
                        .published()
                        .libtrustId())
                .isEqualTo("VUZD:EDHW:YWLN:RBFQ:KOA3:UVZ2:XKG5:2V2J:WTPI:6SRD:U6PZ:VCO5");
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, RFC_7517)
                        .published()
                        .libtrustId())
                .isEqualTo("KG4U:JTP2:KRGU:YMTT:VJV7:GUDC:LJ65:KO53:NJYX:EMTU:6U4L:DGRA");
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, LEADING_ZERO)
                        .published()
                        .libtrustId())
                .isEqualTo("HVHZ:ST6I:F4OR:OPDN:GJXA:LYHY:X76T:LAWQ:RYP2:3CRU:GVAA:4U3A");
    }

    @Test
    void aLeadingZeroIsNoticedAndNotGenerated() {
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, LEADING_ZERO)
                        .published()
                        .hasLeadingZeroCoordinate())
                .isTrue();
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, RFC_7517)
                        .published()
                        .hasLeadingZeroCoordinate())
                .isFalse();
        assertThat(TestKeys.publicHalf(SigningAlgorithm.RS256, RFC_7638)
                        .published()
                        .hasLeadingZeroCoordinate())
                .isFalse();
        assertThat(TestKeys.ES256.published().hasLeadingZeroCoordinate()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void theJwkSetHoldsThePublicHalfUnderBothIds(SigningAlgorithm algorithm) throws Exception {
        // Given
        SigningKey key = TestKeys.of(algorithm);
        // When
        String json = new ObjectMapper().writeValueAsString(Jwks.of(List.of(key.published())));
        List<Map<String, Object>> keys = keys(json);
        // Then
        assertThat(keys)
                .extracting(jwk -> jwk.get("kid"))
                .containsExactly(key.thumbprint(), key.published().libtrustId());
        assertThat(keys).allSatisfy(jwk -> {
            assertThat(jwk).containsEntry("use", "sig").containsEntry("alg", algorithm.name());
            assertThat(jwk.get("x5c")).isEqualTo(key.published().x5c());
            assertThat(jwk.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            algorithm == SigningAlgorithm.ES256
                                    ? List.of("kty", "crv", "x", "y", "kid", "use", "alg", "x5c")
                                    : List.of("kty", "n", "e", "kid", "use", "alg", "x5c"));
        });
    }

    @Test
    void theMembersOfAJwkAreThoseOfTheKey() {
        assertThat(TestKeys.publicHalf(SigningAlgorithm.ES256, LEADING_ZERO)
                        .published()
                        .publicMembers())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "kty", "EC",
                        "crv", "P-256",
                        "x", "AFVDiUrz0A7X10Cr29dclrBod7eH219w7qeLkKjXwAo",
                        "y", "u0yFo9jqKe-q-iRAaRLdhNWxTcMr9lbvbGvVil2UP5I"));
        assertThat(TestKeys.publicHalf(SigningAlgorithm.RS256, RFC_7638)
                        .published()
                        .publicMembers())
                .containsEntry("kty", "RSA")
                .containsEntry("e", "AQAB")
                .hasEntrySatisfying(
                        "n", n -> assertThat(n).startsWith("0vx7agoebGcQ").endsWith("KnqDKgw"));
    }

    @Test
    void x5cIsTheCertificateInPlainBase64() throws Exception {
        // When
        byte[] der = Base64.getDecoder().decode(TestKeys.ES256.published().x5c().getFirst());
        // Then
        var read = (X509Certificate) java.security.cert.CertificateFactory.getInstance("X.509")
                .generateCertificate(new java.io.ByteArrayInputStream(der));
        assertThat(read).isEqualTo(TestKeys.ES256.certificate());
    }

    @Test
    void theTextOfAKeyHoldsNothingPrivate() {
        assertThat(TestKeys.ES256).hasToString("SigningKey[ES256, " + TestKeys.ES256.thumbprint() + "]");
        assertThat(TestKeys.RS256).hasToString("SigningKey[RS256, " + TestKeys.RS256.thumbprint() + "]");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> keys(String json) throws Exception {
        return (List<Map<String, Object>>)
                new ObjectMapper().readValue(json, Map.class).get("keys");
    }
}
