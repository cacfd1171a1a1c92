package dev.postern.token;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority of the keys that Postern makes. Registries trust it, once: a token's {@code x5c} leads from the key that
 * signed it to the authority, so that keys change and the registry's bundle does not.
 */
final class KeyAuthority {

    private static final Duration OWN_LIFE = Duration.ofDays(30 * 365);
    private static final Duration KEY_LIFE = Duration.ofDays(10 * 365);
    /** Clocks of registries may be behind. */
    private static final Duration BACKDATING = Duration.ofHours(1);

    private static final String SIGNED_BY = "SHA256withECDSA";

    private final PrivateKey privateKey;
    private final X509Certificate certificate;

    KeyAuthority(PrivateKey privateKey, X509Certificate certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** A new authority, with a P-256 key: every registry version takes one, whatever the keys below it. */
    static KeyAuthority generate(String issuer, Instant now) throws KeyFault {
        try {
            KeyPair pair = KeyFiles.pair(SigningAlgorithm.ES256);
            X500Name name = name(issuer + " token authority");
            X509Certificate certificate = certificate(
                    name,
                    pair.getPrivate(),
                    name,
                    pair.getPublic(),
                    now,
                    OWN_LIFE,
                    new BasicConstraints(0),
                    KeyUsage.keyCertSign);
            return new KeyAuthority(pair.getPrivate(), certificate);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new KeyFault(
                    "no authority could be generated: " + e.getClass().getSimpleName());
        }
    }

    /** A new key with a certificate of this authority. */
    SigningKey newKey(SigningAlgorithm algorithm, String issuer, Instant now) throws KeyFault {
        try {
            while (true) {
                KeyPair pair = KeyFiles.pair(algorithm);
                X509Certificate leaf = certificate(
                        new X500Name(certificate.getSubjectX500Principal().getName()),
                        privateKey,
                        name(issuer),
                        pair.getPublic(),
                        now,
                        KEY_LIFE,
                        new BasicConstraints(false),
                        KeyUsage.digitalSignature);
                SigningKey key = SigningKey.of(algorithm, pair.getPrivate(), List.of(leaf, certificate));
                if (!key.published().hasLeadingZeroCoordinate()) {
                    return key;
                }
            }
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new KeyFault("no key could be generated: " + e.getClass().getSimpleName());
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static X509Certificate certificate(
            X500Name issuer,
            PrivateKey issuersKey,
            X500Name subject,
            PublicKey key,
            Instant now,
            Duration life,
            BasicConstraints constraints,
            int usage)
            throws OperatorCreationException, IOException, CertificateException {
        var builder = new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(127, new SecureRandom()),
                        Date.from(now.minus(BACKDATING)),
                        Date.from(now.plus(life)),
                        subject,
                        key)
                .addExtension(Extension.basicConstraints, true, constraints)
                .addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNED_BY).build(issuersKey)));
    }
}
