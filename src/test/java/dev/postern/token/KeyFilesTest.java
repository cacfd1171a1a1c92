package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing keys as files: the forms that are read, the mistakes that are told apart, and what is never overwritten. */
class KeyFilesTest {

    private static final KeyPair P256 = TestKeys.ec("secp256r1");
    private static final KeyPair OTHER_P256 = TestKeys.ec("secp256r1");
    private static final KeyPair P384 = TestKeys.ec("secp384r1");
    private static final KeyPair RSA_2048 = TestKeys.of("RSA", 2048);
    private static final KeyPair RSA_1024 = TestKeys.of("RSA", 1024);
    private static final KeyPair ED25519 = TestKeys.of("Ed25519", 0);
    private static final KeyPair X25519 = TestKeys.of("X25519", 0);

    private static final String SEC1 = TestKeys.sec1(P256, SECObjectIdentifiers.secp256r1);
    private static final String P256_CERTIFICATE = TestKeys.pem(TestKeys.certificate(P256.getPublic()));
    private static final String RSA_CERTIFICATE = TestKeys.pem(TestKeys.certificate(RSA_2048.getPublic()));

    @TempDir
    Path directory;

    // What is read

    @TestFactory
    Stream<DynamicTest> everyFormOfAGoodKeyIsRead() {
        String parameters = parameters();
        return Stream.of(
                reads("PKCS#8, P-256", SigningAlgorithm.ES256, TestKeys.pkcs8(P256), P256_CERTIFICATE, P256),
                reads("SEC1, P-256", SigningAlgorithm.ES256, SEC1, P256_CERTIFICATE, P256),
                reads("parameters before SEC1", SigningAlgorithm.ES256, parameters + SEC1, P256_CERTIFICATE, P256),
                reads(
                        "words around the PEM",
                        SigningAlgorithm.ES256,
                        "our key\n" + TestKeys.pkcs8(P256) + "\nkeep it safe\n",
                        "our certificate\n" + P256_CERTIFICATE,
                        P256),
                reads(
                        "lines of Windows",
                        SigningAlgorithm.ES256,
                        TestKeys.pkcs8(P256).replace("\n", "\r\n"),
                        P256_CERTIFICATE.replace("\n", "\r\n"),
                        P256),
                reads(
                        "a chain of certificates",
                        SigningAlgorithm.ES256,
                        TestKeys.pkcs8(P256),
                        P256_CERTIFICATE + RSA_CERTIFICATE,
                        P256),
                reads(
                        "key and certificate in one file",
                        SigningAlgorithm.ES256,
                        P256_CERTIFICATE + TestKeys.pkcs8(P256),
                        TestKeys.pkcs8(P256) + P256_CERTIFICATE,
                        P256),
                reads("PKCS#8, RSA", SigningAlgorithm.RS256, TestKeys.pkcs8(RSA_2048), RSA_CERTIFICATE, RSA_2048),
                reads("PKCS#1, RSA", SigningAlgorithm.RS256, TestKeys.pem(RSA_2048), RSA_CERTIFICATE, RSA_2048));
    }

    private DynamicTest reads(
            String title, SigningAlgorithm algorithm, String key, String certificate, KeyPair expected) {
        return dynamicTest(title, () -> {
            // When
            SigningKey read = KeyFiles.read(
                    algorithm,
                    TestKeys.write(directory.resolve("key.pem"), key),
                    TestKeys.write(directory.resolve("cert.pem"), certificate));
            // Then
            assertThat(read.publicKey()).isEqualTo(expected.getPublic());
            assertThat(read.algorithm()).isEqualTo(algorithm);
            assertThat(new Signer(read).sign(new byte[] {1})).isNotEmpty();
        });
    }

    // What is refused

    @TestFactory
    Stream<DynamicTest> everyBadKeyIsRefusedWithAMessageThatSaysWhatToDo() throws Exception {
        String good = TestKeys.pkcs8(P256);
        String body = good.lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(refusesKey("empty", "", "there is no private key in", "BEGIN PRIVATE KEY"));
        tests.add(refusesKey("garbage", "not a key", "there is no private key in", "BEGIN PRIVATE KEY"));
        tests.add(refusesKey("a certificate", P256_CERTIFICATE, "there is no private key in"));
        tests.add(refusesKey("a public key", TestKeys.pem(P256.getPublic()), "there is no private key in"));
        tests.add(refusesKey("parameters only", parameters(), "there is no private key in"));
        tests.add(refusesKey("bare base64", body, "there is no private key in"));
        tests.add(refusesKey(
                "damaged base64",
                good.replace(body.substring(0, 10), "!!!!!!!!!!"),
                "key.pem",
                "expected a private key in PEM form"));
        tests.add(
                refusesKey("cut off", good.substring(0, 120), "cannot be read", "expected a private key in PEM form"));
        tests.add(refusesKey(
                "garbage within PEM",
                TestKeys.pem(new PemObject("PRIVATE KEY", new byte[] {1, 2, 3})),
                "cannot be read"));
        tests.add(refusesKey(
                "truncated DER",
                TestKeys.pem(new PemObject(
                        "PRIVATE KEY", java.util.Arrays.copyOf(P256.getPrivate().getEncoded(), 40))),
                "cannot be read"));
        tests.add(refusesKey("encrypted PKCS#8", encryptedPkcs8(), "is encrypted; decrypt it", "openssl pkey"));
        tests.add(refusesKey("encrypted SEC1", encryptedOld(P256), "is encrypted; decrypt it"));
        tests.add(refusesKey("encrypted PKCS#1", encryptedOld(RSA_2048), "is encrypted; decrypt it"));
        tests.add(
                refusesKey("RSA", TestKeys.pkcs8(RSA_2048), "is an RSA key; ES256 needs an EC key on the curve P-256"));
        tests.add(refusesKey("Ed25519", TestKeys.pkcs8(ED25519), "is a key of the kind EdDSA; ES256 needs an EC key"));
        tests.add(refusesKey("X25519", TestKeys.pkcs8(X25519), "is of a kind that is not used; expected EC on P-256"));
        tests.add(refusesKey("P-384", TestKeys.pkcs8(P384), "is on another curve than P-256", "openssl genpkey"));
        tests.add(refusesKey(
                "P-384, SEC1", TestKeys.sec1(P384, SECObjectIdentifiers.secp384r1), "is on another curve than P-256"));
        tests.add(refusesKey("too large", "x".repeat(300 * 1024), "is too large; expected a PEM file under 256 KiB"));
        tests.add(dynamicTest(
                "RSA of 1024 bits",
                () -> assertThat(fault(SigningAlgorithm.RS256, TestKeys.pkcs8(RSA_1024), RSA_CERTIFICATE))
                        .contains("key.pem is an RSA key of 1024 bits; expected at least 2048")));
        tests.add(dynamicTest(
                "EC for RS256",
                () -> assertThat(fault(SigningAlgorithm.RS256, good, P256_CERTIFICATE))
                        .contains("is an EC key; RS256 needs an RSA key (or set postern.token.algorithm to ES256)")));
        tests.add(dynamicTest(
                "Ed25519 for RS256",
                () -> assertThat(fault(SigningAlgorithm.RS256, TestKeys.pkcs8(ED25519), RSA_CERTIFICATE))
                        .contains("is a key of the kind EdDSA; RS256 needs an RSA key")));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> everyBadCertificateIsRefusedWithAMessageThatSaysWhatToDo() {
        String key = TestKeys.pkcs8(P256);
        return Stream.of(
                refusesCertificate("empty", key, "", "there is no certificate in", "BEGIN CERTIFICATE"),
                refusesCertificate("garbage", key, "not a certificate", "there is no certificate in"),
                refusesCertificate("the key itself", key, key, "there is no certificate in"),
                refusesCertificate("cut off", key, P256_CERTIFICATE.substring(0, 200), "cannot be read"),
                refusesCertificate(
                        "garbage within PEM",
                        key,
                        TestKeys.pem(new PemObject("CERTIFICATE", new byte[] {1, 2, 3})),
                        "cannot be read",
                        "expected a certificate in PEM form"),
                refusesCertificate(
                        "of another key of the kind",
                        key,
                        TestKeys.pem(TestKeys.certificate(OTHER_P256.getPublic())),
                        "is not of the key",
                        "expected the certificate of its public half"),
                refusesCertificate(
                        "of another curve",
                        key,
                        TestKeys.pem(TestKeys.certificate(P384.getPublic())),
                        "is not of the key"),
                refusesCertificate("of another kind", key, RSA_CERTIFICATE, "is not of the key"),
                refusesCertificate(
                        "the key's own, but second in the chain",
                        key,
                        RSA_CERTIFICATE + P256_CERTIFICATE,
                        "is not of the key"),
                dynamicTest(
                        "RSA, of another key",
                        () -> assertThat(fault(
                                        SigningAlgorithm.RS256,
                                        TestKeys.pkcs8(RSA_2048),
                                        TestKeys.pem(TestKeys.certificate(RSA_1024.getPublic()))))
                                .contains("is not of the key")));
    }

    @Test
    void aMissingFileIsNamedWithTheSettingAndTheCommand() {
        // Given
        Path key = TestKeys.write(directory.resolve("key.pem"), TestKeys.pkcs8(P256));
        // When
        String noKey = why(() ->
                KeyFiles.read(SigningAlgorithm.ES256, directory.resolve("gone.pem"), directory.resolve("cert.pem")));
        String noCertificate = why(() -> KeyFiles.read(SigningAlgorithm.ES256, key, directory.resolve("gone.pem")));
        // Then
        assertThat(noKey)
                .startsWith("there is no key file " + directory.resolve("gone.pem"))
                .contains("postern.token.key and postern.token.certificate", "postern keys create");
        assertThat(noCertificate).startsWith("there is no certificate file " + directory.resolve("gone.pem"));
    }

    @Test
    void aFileThatIsNoTextCannotBeRead() throws IOException {
        // Given
        Path der = Files.write(directory.resolve("key.der"), P256.getPrivate().getEncoded());
        // Then
        assertThat(why(() -> KeyFiles.read(SigningAlgorithm.ES256, der, der))).contains("key.der cannot be read");
        assertThat(why(() -> KeyFiles.read(SigningAlgorithm.ES256, directory, directory)))
                .contains("cannot be read");
    }

    private DynamicTest refusesKey(String title, String key, String... fragments) {
        return dynamicTest(title, () -> {
            // When
            String message = fault(SigningAlgorithm.ES256, key, P256_CERTIFICATE);
            // Then
            assertThat(message).contains("key.pem").contains(fragments);
            assertHoldsNothingOf(message, key);
        });
    }

    private DynamicTest refusesCertificate(String title, String key, String certificate, String... fragments) {
        return dynamicTest(title, () -> {
            // When
            String message = fault(SigningAlgorithm.ES256, key, certificate);
            // Then
            assertThat(message).contains("cert.pem").contains(fragments);
            assertHoldsNothingOf(message, key);
        });
    }

    /** No line of the file, and no piece of one, is in the message. */
    private static void assertHoldsNothingOf(String message, String key) {
        for (String line : key.lines().toList()) {
            for (int i = 0; !line.startsWith("-----") && i + 16 <= Math.min(line.length(), 2000); i += 8) {
                assertThat(message).doesNotContain(line.substring(i, i + 16));
            }
        }
    }

    private String fault(SigningAlgorithm algorithm, String key, String certificate) {
        Path keyFile = TestKeys.write(directory.resolve("key.pem"), key);
        Path certificateFile = TestKeys.write(directory.resolve("cert.pem"), certificate);
        return why(() -> KeyFiles.read(algorithm, keyFile, certificateFile));
    }

    private interface Attempt {
        void run() throws KeyFault;
    }

    private static String why(Attempt attempt) {
        KeyFault fault = catchThrowableOfType(KeyFault.class, attempt::run);
        assertThat(fault).isNotNull().hasMessage(fault.why());
        assertThat(fault.getCause()).isNull();
        return fault.why();
    }

    // What is generated and written

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void whatIsWrittenIsReadAgain(SigningAlgorithm algorithm) throws Exception {
        // Given
        Path keyFile = directory.resolve("data/keys/key.pem");
        Path certificateFile = directory.resolve("data/keys/cert.pem");
        SigningKey key = TestKeys.of(algorithm);
        // When
        KeyFiles.write(key, keyFile, certificateFile);
        // Then
        SigningKey read = KeyFiles.read(algorithm, keyFile, certificateFile);
        assertThat(read.thumbprint()).isEqualTo(key.thumbprint());
        assertThat(read.certificate()).isEqualTo(key.certificate());
        assertThat(Files.readString(keyFile)).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(Files.readString(certificateFile)).startsWith("-----BEGIN CERTIFICATE-----");
        try (Stream<Path> files = Files.list(keyFile.getParent())) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aKeyFileIsForItsOwnerOnly() throws Exception {
        // Given
        Path keyFile = directory.resolve("key.pem");
        // When
        KeyFiles.write(TestKeys.ES256, keyFile, directory.resolve("cert.pem"));
        // Then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
                .isEqualTo("rw-------");
    }

    @Test
    void neitherAKeyNorItsCertificateIsOverwritten() throws Exception {
        // Given
        Path keyFile = directory.resolve("key.pem");
        Path certificateFile = directory.resolve("cert.pem");
        KeyFiles.write(TestKeys.ES256, keyFile, certificateFile);
        String key = Files.readString(keyFile);
        String certificate = Files.readString(certificateFile);
        // When
        String why = why(() -> KeyFiles.write(TestKeys.RS256, keyFile, certificateFile));
        // Then
        assertThat(why).isEqualTo("there is a key already at " + keyFile + "; it is not overwritten");
        assertThat(Files.readString(keyFile)).isEqualTo(key);
        assertThat(Files.readString(certificateFile)).isEqualTo(certificate);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() {
        // Given
        Path file = TestKeys.write(directory.resolve("file"), "in the way");
        // When
        String why = why(() -> KeyFiles.write(TestKeys.ES256, file.resolve("key.pem"), file.resolve("cert.pem")));
        // Then
        assertThat(why)
                .startsWith("the key cannot be written to " + file.resolve("key.pem"))
                .endsWith("expected a directory that Postern may write to");
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void aGeneratedCertificateIsAnAuthorityOfTenYearsAndBegunAnHourAgo(SigningAlgorithm algorithm) throws Exception {
        // When
        var certificate = TestKeys.of(algorithm).certificate();
        // Then
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=postern.example.com");
        assertThat(certificate.getBasicConstraints()).isNotNegative();
        assertThat(certificate.getKeyUsage()).startsWith(true).hasSize(9);
        assertThat(certificate.getNotBefore()).isEqualTo(Date.from(TestKeys.NOW.minus(Duration.ofHours(1))));
        assertThat(certificate.getNotAfter()).isEqualTo(Date.from(TestKeys.NOW.plus(Duration.ofDays(3650))));
    }

    @Test
    void aCertificateIsWrittenAsTheRegistryReadsIt() throws Exception {
        // When
        String pem = KeyFiles.pem(TestKeys.ES256.certificate());
        // Then
        String body = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        assertThat(Base64.getDecoder().decode(body))
                .isEqualTo(TestKeys.ES256.certificate().getEncoded());
        assertThat(pem).doesNotContain("PRIVATE");
    }

    private static String parameters() {
        try {
            return TestKeys.pem(new PemObject("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String encryptedPkcs8() throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                .setProvider(new BouncyCastleProvider())
                .setPassword("secret".toCharArray())
                .build();
        return TestKeys.pem(new JcaPKCS8Generator(P256.getPrivate(), encryptor));
    }

    private static String encryptedOld(KeyPair pair) {
        var encryptor = new JcePEMEncryptorBuilder("AES-256-CBC")
                .setProvider(new BouncyCastleProvider())
                .build("secret".toCharArray());
        try {
            return TestKeys.pem(new JcaMiscPEMGenerator(pair.getPrivate(), encryptor));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
