package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that others say are theirs: whose word counts, and that nobody gets in by saying so. */
class AnnouncedKeysTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant UNTIL = NOW.plus(Duration.ofDays(31));
    private static final String ISSUER = "postern.example.com";

    private KeyAuthority authority;
    private KeyRing here;
    private KeyRing there;

    @BeforeEach
    void twoReplicasBelowOneAuthority() throws Exception {
        authority = KeyAuthority.generate(ISSUER, NOW);
        here = KeyRing.of(authority.newKey(SigningAlgorithm.ES256, ISSUER, NOW));
        there = KeyRing.of(authority.newKey(SigningAlgorithm.ES256, ISSUER, NOW));
    }

    private List<PublishedKey> heard(Collection<String> lines) {
        return AnnouncedKeys.read(lines, here, NOW);
    }

    private static String line(String algorithm, byte[] certificate) {
        return algorithm + " " + Base64.getEncoder().encodeToString(certificate);
    }

    /** A certificate that is as it should be, but for what a test changes. */
    private byte[] certificate(
            X500Name subject, X500Name issuer, KeyPair by, int usage, boolean isAuthority, KeyPair of)
            throws Exception {
        return new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.TWO,
                        Date.from(NOW.minusSeconds(60)),
                        Date.from(NOW.plusSeconds(3600)),
                        subject,
                        of.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority))
                .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate()))
                .getEncoded();
    }

    private X500Name authoritysName() {
        return new X500Name(authority.certificate().getSubjectX500Principal().getName());
    }

    private KeyPair authoritysPair() {
        return new KeyPair(authority.certificate().getPublicKey(), authority.privateKey());
    }

    @Test
    void theKeysOfAnotherBelowTheSameAuthorityAreKnown() {
        // When
        List<PublishedKey> keys = heard(AnnouncedKeys.lines(there, UNTIL).keySet());

        // Then
        assertThat(keys).containsExactly(there.signing().published());
        assertThat(AnnouncedKeys.lines(there, UNTIL).values()).containsOnly(UNTIL);
    }

    @Test
    void whatAnotherHasSignedIsVerifiedThen() {
        // Given
        RefreshTokens others = new RefreshTokens(new TokenKeys(there), ISSUER, Duration.ofDays(30));
        String token = others.issue(
                        new RefreshToken.Claims("user:acme/alice", "acme", "registry", "password", "f"), NOW)
                .value();
        TokenKeys keys = new TokenKeys(here);
        RefreshTokens own = new RefreshTokens(keys, ISSUER, Duration.ofDays(30));
        assertThat(own.read(token, NOW)).isInstanceOf(RefreshToken.Invalid.class);

        // When
        keys.use(here.with(heard(AnnouncedKeys.lines(there, UNTIL).keySet())));

        // Then
        assertThat(own.read(token, NOW)).isInstanceOf(RefreshToken.Valid.class);
        assertThat(keys.ring().signing()).isEqualTo(here.signing());
    }

    @Test
    void aFoldersNextKeyIsToldBeforeItSigns(@TempDir Path folder) throws Exception {
        // Given
        KeyFolder keys = new KeyFolder(
                folder.resolve("signing"),
                folder.resolve("bundle.pem"),
                SigningAlgorithm.ES256,
                ISSUER,
                new KeySchedule(Duration.ofHours(2), Duration.ofHours(1), Duration.ofDays(1)));
        keys.load(NOW);

        // When
        KeyRing ring = keys.refresh(NOW.plus(Duration.ofMinutes(90))).orElseThrow();

        // Then
        assertThat(ring.others()).hasSize(1);
        assertThat(AnnouncedKeys.lines(ring, UNTIL)).hasSize(2);
        assertThat(AnnouncedKeys.read(
                        AnnouncedKeys.lines(ring, UNTIL).keySet(),
                        KeyRing.of(ring.signing()),
                        NOW.plus(Duration.ofMinutes(90))))
                .containsExactlyElementsOf(ring.others());
    }

    @Test
    void ownKeysAreNoNews() {
        assertThat(heard(AnnouncedKeys.lines(here, UNTIL).keySet())).isEmpty();
    }

    @Test
    void aKeyOfAnotherAuthorityIsNotTaken() throws Exception {
        // Given: of the same names
        KeyAuthority other = KeyAuthority.generate(ISSUER, NOW);
        KeyRing foreign = KeyRing.of(other.newKey(SigningAlgorithm.ES256, ISSUER, NOW));

        // Then
        assertThat(heard(AnnouncedKeys.lines(foreign, UNTIL).keySet())).isEmpty();
    }

    @Test
    void aKeyThatNobodyHasSignedIsNeitherToldNorTaken() {
        // Given
        KeyRing alone = KeyRing.of(TestKeys.ES256);

        // Then
        assertThat(AnnouncedKeys.lines(alone, UNTIL)).isEmpty();
        assertThat(AnnouncedKeys.read(AnnouncedKeys.lines(there, UNTIL).keySet(), alone, NOW))
                .isEmpty();
        assertThat(heard(Set.of("ES256 " + TestKeys.ES256.published().x5c().getFirst())))
                .isEmpty();
    }

    @Test
    void aCertificateOfTheAuthorityForAnotherPurposeIsNotTaken() throws Exception {
        // Given
        X500Name subject = new X500Name("CN=" + ISSUER);
        X500Name issuer = authoritysName();
        KeyPair by = authoritysPair();
        KeyPair pair = TestKeys.ec("secp256r1");

        // Then: it is taken as it should be, and by no other name, use or signature
        assertThat(heard(Set.of(
                        line("ES256", certificate(subject, issuer, by, KeyUsage.digitalSignature, false, pair)))))
                .hasSize(1);
        assertThat(heard(Set.of(line(
                        "ES256",
                        certificate(
                                new X500Name("CN=www.example.com"),
                                issuer,
                                by,
                                KeyUsage.digitalSignature,
                                false,
                                pair)))))
                .isEmpty();
        assertThat(heard(Set.of(line(
                        "ES256",
                        certificate(subject, new X500Name("CN=another"), by, KeyUsage.digitalSignature, false, pair)))))
                .isEmpty();
        assertThat(heard(
                        Set.of(line("ES256", certificate(subject, issuer, by, KeyUsage.keyEncipherment, false, pair)))))
                .isEmpty();
        assertThat(heard(
                        Set.of(line("ES256", certificate(subject, issuer, by, KeyUsage.digitalSignature, true, pair)))))
                .isEmpty();
        assertThat(heard(Set.of(
                        line("ES256", certificate(subject, issuer, pair, KeyUsage.digitalSignature, false, pair)))))
                .isEmpty();
        assertThat(heard(Set.of(line(
                        "ES256",
                        certificate(subject, issuer, by, KeyUsage.digitalSignature, false, TestKeys.ec("secp384r1"))))))
                .isEmpty();
        assertThat(heard(Set.of(line(
                        "ES256",
                        certificate(subject, issuer, by, KeyUsage.digitalSignature, false, TestKeys.of("RSA", 2048))))))
                .isEmpty();
        assertThat(heard(Set.of(line(
                        "RS256",
                        certificate(subject, issuer, by, KeyUsage.digitalSignature, false, TestKeys.of("RSA", 1024))))))
                .isEmpty();
    }

    @Test
    void aKeyWhoseTimeIsOverIsNotTaken() {
        // Given
        Set<String> lines = AnnouncedKeys.lines(there, UNTIL).keySet();

        // Then
        assertThat(AnnouncedKeys.read(lines, here, NOW.plus(Duration.ofDays(11 * 365))))
                .isEmpty();
        assertThat(AnnouncedKeys.read(lines, here, NOW.minus(Duration.ofDays(1))))
                .isEmpty();
    }

    @Test
    void whatIsNoKeyIsLeftOut() {
        // Given
        String good = AnnouncedKeys.lines(there, UNTIL).keySet().iterator().next();
        String certificate = good.substring(good.indexOf(' ') + 1);
        List<String> lines = new ArrayList<>(List.of(
                "",
                "ES256",
                "none " + certificate,
                "HS256 " + certificate,
                "RS256 " + certificate,
                "ES256 " + certificate.substring(4),
                "ES256 !" + certificate,
                "ES256 " + "A".repeat(100_000)));
        lines.add(good);

        // Then
        assertThat(heard(lines)).containsExactly(there.signing().published());
    }

    @Test
    void thereIsAnEndToHowManyAreLookedAtAndTaken() throws Exception {
        // Given
        Set<String> lines = new LinkedHashSet<>();
        for (int i = 0; i < 70; i++) {
            lines.addAll(AnnouncedKeys.lines(KeyRing.of(authority.newKey(SigningAlgorithm.ES256, ISSUER, NOW)), UNTIL)
                    .keySet());
        }
        Set<String> behindNonsense = new LinkedHashSet<>();
        for (int i = 0; i < 256; i++) {
            behindNonsense.add("nonsense " + i);
        }
        behindNonsense.addAll(lines);

        // Then
        assertThat(heard(lines)).hasSize(64);
        assertThat(heard(behindNonsense)).isEmpty();
    }
}
