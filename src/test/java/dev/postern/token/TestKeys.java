package dev.postern.token;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Keys and certificates for tests, good and bad. */
final class TestKeys {

    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    static final SigningKey ES256 = generate(SigningAlgorithm.ES256);
    static final SigningKey RS256 = generate(SigningAlgorithm.RS256);

    private static final KeyPair AUTHORITY = ec("secp256r1");

    private TestKeys() {}

    static SigningKey of(SigningAlgorithm algorithm) {
        return algorithm == SigningAlgorithm.ES256 ? ES256 : RS256;
    }

    private static SigningKey generate(SigningAlgorithm algorithm) {
        try {
            return KeyFiles.generate(algorithm, "postern.example.com", NOW);
        } catch (KeyFault fault) {
            throw new AssertionError(fault);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair of(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A public key of which only the public half is known, as a signing key whose private half is another's. */
    static SigningKey publicHalf(SigningAlgorithm algorithm, PublicKey key) {
        return new SigningKey(algorithm, AUTHORITY.getPrivate(), certificate(key));
    }

    static X509Certificate certificate(PublicKey key) {
        try {
            X500Name name = new X500Name("CN=test");
            var builder = new JcaX509v3CertificateBuilder(
                    name, BigInteger.ONE, Date.from(NOW), Date.from(NOW.plusSeconds(3600)), name, key);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(AUTHORITY.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static PublicKey rsaPublic(String modulus, String exponent) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(number(modulus), number(exponent)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static PublicKey p256Public(String x, String y) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(
                            new ECPoint(number(x), number(y)), ((ECPublicKey) AUTHORITY.getPublic()).getParams()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static BigInteger number(String base64url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64url));
    }

    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    /** The form of {@code openssl ecparam -genkey} (SEC 1, RFC 5915). */
    static String sec1(KeyPair pair, ASN1ObjectIdentifier curve) {
        ECPrivateKey key = (ECPrivateKey) pair.getPrivate();
        int bits = key.getParams().getCurve().getField().getFieldSize();
        var publicBits =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()).getPublicKeyData();
        try {
            return pem(new PemObject(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(bits, key.getS(), publicBits, curve).getEncoded()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static String pkcs8(KeyPair pair) {
        return pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
