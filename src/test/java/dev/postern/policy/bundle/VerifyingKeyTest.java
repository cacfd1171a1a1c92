package dev.postern.policy.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.bundle.VerifyingKey.Unusable;
import dev.postern.policy.bundle.VerifyingKey.Usable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures that openssl makes, and those that are none. */
class VerifyingKeyTest {

    private static final byte[] BUNDLE = "a bundle".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private OpenSsl openssl;

    @BeforeEach
    void tools() {
        openssl = new OpenSsl(directory);
    }

    private VerifyingKey key(Path file) throws IOException {
        return ((Usable) VerifyingKey.read(Files.readString(file))).key();
    }

    private static void assertSignedAndNothingElse(VerifyingKey key, String signature) {
        assertThat(key.hasSigned(BUNDLE, signature)).isTrue();
        assertThat(key.hasSigned(BUNDLE, " " + signature.replace("\n", "\r\n") + "\n"))
                .isTrue();
        assertThat(key.hasSigned("a bundlf".getBytes(StandardCharsets.UTF_8), signature))
                .isFalse();
        assertThat(key.hasSigned(new byte[0], signature)).isFalse();
        assertThat(key.hasSigned(BUNDLE, "")).isFalse();
        assertThat(key.hasSigned(BUNDLE, "-" + signature)).isFalse();
        assertThat(key.hasSigned(BUNDLE, signature + "AAAA")).isFalse();
        byte[] bytes = Base64.getMimeDecoder().decode(signature);
        for (int i : List.of(0, 1, bytes.length / 2, bytes.length - 1)) {
            byte[] other = bytes.clone();
            other[i] ^= 1;
            assertThat(key.hasSigned(BUNDLE, Base64.getEncoder().encodeToString(other)))
                    .as("byte %d", i)
                    .isFalse();
        }
        for (byte[] none : List.of(new byte[bytes.length], Arrays.copyOf(bytes, bytes.length - 1))) {
            assertThat(key.hasSigned(BUNDLE, Base64.getEncoder().encodeToString(none)))
                    .isFalse();
        }
    }

    @Test
    void aSignatureOfAP256KeyInTheFormOfCosign() throws IOException {
        // Given
        VerifyingKey key = key(openssl.publicKey("signer"));
        // Then
        assertSignedAndNothingElse(key, openssl.sign("signer", BUNDLE));
        // The signature whose two numbers are 0.
        assertThat(key.hasSigned(BUNDLE, Base64.getEncoder().encodeToString(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0})))
                .isFalse();
    }

    @Test
    void aSignatureOfAnEd25519Key() throws IOException {
        // Given
        VerifyingKey key = key(openssl.publicKey("signer", "-algorithm", "ed25519"));
        // Then
        assertSignedAndNothingElse(key, openssl.signRaw("signer", BUNDLE));
    }

    @Test
    void aSignatureOfAnRsaKey() throws IOException {
        // Given
        VerifyingKey key = key(openssl.publicKey("signer", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"));
        // Then
        assertSignedAndNothingElse(key, openssl.sign("signer", BUNDLE));
    }

    @Test
    void aSignatureOfAnRsaKeyWithTheSmallestExponent() throws IOException {
        // Given
        VerifyingKey key = key(openssl.publicKey(
                "signer", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"));
        // Then
        assertSignedAndNothingElse(key, openssl.sign("signer", BUNDLE));
    }

    @Test
    void anotherKeysSignatureIsNone() throws IOException {
        // Given
        VerifyingKey key = key(openssl.publicKey("signer"));
        openssl.publicKey("other");
        // Then
        assertThat(key.hasSigned(BUNDLE, openssl.sign("other", BUNDLE))).isFalse();
    }

    @Test
    void theFingerprintIsThatOfTheKeyInDer() throws IOException {
        // Given
        VerifyingKey key = key(openssl.publicKey("signer"));
        openssl.run(List.of("pkey", "-pubin", "-in", "signer.pub", "-outform", "DER", "-out", "signer.der"));
        // When
        String said = openssl.run(List.of("dgst", "-sha256", "-r", "signer.der"));
        // Then
        assertThat(key.fingerprint()).isEqualTo("sha256:" + said.split(" ")[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        "-algorithm ed448",
        "-algorithm X25519"
    })
    void aKeyOfAnotherKindOrSizeIsNotUsed(String kind) throws IOException {
        // Given
        Path file = openssl.publicKey("signer", kind.split(" "));
        // Then
        assertUnusable(Files.readString(file));
    }

    @Test
    void whatIsNotOnePublicKeyIsNotUsed() throws IOException {
        // Given
        String one = Files.readString(openssl.publicKey("one"));
        // Then
        assertUnusable("");
        assertUnusable("a key");
        assertUnusable(one + Files.readString(openssl.publicKey("two")));
        assertUnusable(Files.readString(directory.resolve("one.key")));
        assertUnusable(one.replace("PUBLIC KEY", "CERTIFICATE"));
        assertUnusable(one.substring(0, one.length() / 2));
        assertUnusable(one.replaceAll("[A-Za-z0-9+/]{20}\n", "AAAA\n"));
    }

    private static void assertUnusable(String pem) {
        assertThat(VerifyingKey.read(pem))
                .isInstanceOfSatisfying(
                        Unusable.class,
                        unusable -> assertThat(unusable.why()).contains("P-256, Ed25519, or RSA of 2048 bits or more"));
    }
}
