package dev.postern.policy.bundle;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * The key that a bundle's signature is held to. A signature is text: Base64, lines and spaces as they come, of what
 *
 * <ul>
 *   <li>a P-256 key signs: ECDSA with SHA-256, in DER, as {@code cosign sign-blob} and {@code openssl dgst} write it;
 *   <li>an Ed25519 key signs (RFC 8032): 64 bytes;
 *   <li>an RSA key of 2048 bits or more signs: PKCS #1 version 1.5 with SHA-256.
 * </ul>
 */
public final class VerifyingKey {

    private static final int LEAST_RSA_BITS = 2048;
    private static final String FORM =
            "expected one public key in PEM (BEGIN PUBLIC KEY): P-256, Ed25519, or RSA of 2048 bits or more";

    private final PublicKey key;
    private final String algorithm;

    private VerifyingKey(PublicKey key, String algorithm) {
        this.key = key;
        this.algorithm = algorithm;
    }

    /** What became of reading a key. */
    public sealed interface Result {}

    /** It can be used. */
    public record Usable(VerifyingKey key) implements Result {}

    /** It cannot; {@code why} says what is wrong, and the form expected. */
    public record Unusable(String why) implements Result {}

    /** Reads a key in PEM. */
    public static Result read(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof SubjectPublicKeyInfo info) || parser.readObject() != null) {
                return new Unusable("is not one public key; " + FORM);
            }
            PublicKey key = new JcaPEMKeyConverter().getPublicKey(info);
            return algorithm(key)
                    .<Result>map(algorithm -> new Usable(new VerifyingKey(key, algorithm)))
                    .orElseGet(() -> new Unusable("is a key of another kind or size; " + FORM));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return new Unusable("is not a key that can be read; " + FORM);
        }
    }

    private static Optional<String> algorithm(PublicKey key) throws GeneralSecurityException {
        return switch (key) {
            case ECPublicKey ec when isP256(ec.getParams()) -> Optional.of("SHA256withECDSA");
            case EdECPublicKey ed
            when ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName()) -> Optional.of("Ed25519");
            case RSAPublicKey rsa when isStrong(rsa) -> Optional.of("SHA256withRSA");
            default -> Optional.empty();
        };
    }

    private static boolean isP256(ECParameterSpec curve) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec p256 = parameters.getParameterSpec(ECParameterSpec.class);
        return curve.getCurve().equals(p256.getCurve())
                && curve.getGenerator().equals(p256.getGenerator())
                && curve.getOrder().equals(p256.getOrder());
    }

    /** Long enough, and not of the exponent 1, by which everything is signed. */
    private static boolean isStrong(RSAPublicKey rsa) {
        return rsa.getModulus().bitLength() >= LEAST_RSA_BITS
                && rsa.getPublicExponent().compareTo(BigInteger.valueOf(3)) >= 0;
    }

    /** SHA-256 of the key in DER: {@code openssl pkey -pubin -outform DER | sha256sum}. */
    public String fingerprint() {
        return "sha256:" + Bundle.sha256(key.getEncoded());
    }

    /** Whether the text is a signature of these bytes by this key; how it is none makes no difference. */
    public boolean hasSigned(byte[] bytes, String signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(bytes);
            return verifier.verify(Base64.getDecoder().decode(signature.replaceAll("\\s", "")));
        } catch (GeneralSecurityException | RuntimeException notASignature) {
            return false;
        }
    }
}
