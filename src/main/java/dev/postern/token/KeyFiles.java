package dev.postern.token;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Signing keys as files: reads, checks, generates and writes them. */
public final class KeyFiles {

    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BITS = 256;
    /** Each is a kilobyte of every token. */
    private static final int MAX_CHAIN = 5;
    /** A PEM file with a key and a chain is a few thousand bytes. */
    public static final int MAX_FILE = 256 * 1024;

    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(10 * 365);
    /** Clocks of registries may be behind. */
    private static final Duration CERTIFICATE_BACKDATING = Duration.ofHours(1);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private KeyFiles() {}

    /**
     * Reads a private key and the certificate of its public half.
     *
     * @param keyFile PEM, PKCS#8 or the older forms, not encrypted: P-256 for ES256, RSA of 2048 bits or more for RS256
     * @param certificateFile PEM; the first certificate is the key's
     */
    public static SigningKey read(SigningAlgorithm algorithm, Path keyFile, Path certificateFile) throws KeyFault {
        PrivateKey privateKey = privateKey(keyFile);
        switch (algorithm) {
            case ES256 -> requireP256(privateKey, keyFile);
            case RS256 -> requireRsa(privateKey, keyFile);
        }
        List<X509Certificate> chain = chain(certificateFile);
        if (!belongTogether(privateKey, chain.getFirst().getPublicKey())) {
            throw new KeyFault("the certificate " + certificateFile + " is not of the key " + keyFile
                    + "; expected the certificate of its public half");
        }
        return SigningKey.of(algorithm, privateKey, chain);
    }

    /** Checks a key and its chain that came from elsewhere, such as a key store. */
    public static SigningKey check(
            SigningAlgorithm algorithm, PrivateKey privateKey, List<X509Certificate> chain, String where)
            throws KeyFault {
        Path named = Path.of(where);
        switch (algorithm) {
            case ES256 -> requireP256(privateKey, named);
            case RS256 -> requireRsa(privateKey, named);
        }
        if (chain.isEmpty() || !belongTogether(privateKey, chain.getFirst().getPublicKey())) {
            throw new KeyFault("the first certificate of " + where + " is not of its key");
        }
        return SigningKey.of(algorithm, privateKey, chain);
    }

    /**
     * Reads a key of which only the certificate is at hand.
     *
     * @param certificateFile PEM; the first certificate is the key's
     */
    public static PublishedKey readPublished(SigningAlgorithm algorithm, Path certificateFile) throws KeyFault {
        List<X509Certificate> chain = chain(certificateFile);
        if (!isFor(algorithm, chain.getFirst().getPublicKey())) {
            throw new KeyFault("the certificate " + certificateFile + " is not of a key for " + algorithm);
        }
        return PublishedKey.of(algorithm, chain);
    }

    /** Whether it is a key that the algorithm takes. */
    static boolean isFor(SigningAlgorithm algorithm, PublicKey key) {
        return switch (key) {
            case ECPublicKey ec ->
                algorithm == SigningAlgorithm.ES256 && ec.getParams().getOrder().equals(P256_ORDER);
            case RSAPublicKey rsa ->
                algorithm == SigningAlgorithm.RS256 && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
            default -> false;
        };
    }

    private static void requireP256(PrivateKey key, Path file) throws KeyFault {
        if (!(key instanceof ECPrivateKey ec)) {
            throw new KeyFault("the key " + file + " is " + describe(key)
                    + "; ES256 needs an EC key on the curve P-256 (or set postern.token.algorithm to RS256)");
        }
        if (ec.getParams().getCurve().getField().getFieldSize() != P256_BITS
                || !ec.getParams().getOrder().equals(P256_ORDER)) {
            throw new KeyFault("the key " + file + " is on another curve than P-256; ES256 needs P-256. Make one with:"
                    + " openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        }
    }

    /** The order of P-256 (FIPS 186-4, appendix D.1.2.3). */
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static void requireRsa(PrivateKey key, Path file) throws KeyFault {
        if (!(key instanceof RSAPrivateKey rsa)) {
            throw new KeyFault("the key " + file + " is " + describe(key)
                    + "; RS256 needs an RSA key (or set postern.token.algorithm to ES256)");
        }
        if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new KeyFault("the key " + file + " is an RSA key of "
                    + rsa.getModulus().bitLength() + " bits; expected at least " + MIN_RSA_BITS);
        }
    }

    private static String describe(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "an EC key";
            case "RSA" -> "an RSA key";
            default -> "a key of the kind " + key.getAlgorithm();
        };
    }

    private static PrivateKey privateKey(Path file) throws KeyFault {
        String expected = "; expected a private key in PEM form (BEGIN PRIVATE KEY), not encrypted";
        PrivateKeyInfo info = null;
        try (PEMParser pem = new PEMParser(new StringReader(text(file, "key")))) {
            Object object;
            // "openssl ecparam -genkey" writes the curve's parameters before the key.
            while (info == null && (object = pem.readObject()) != null) {
                switch (object) {
                    case PrivateKeyInfo pkcs8 -> info = pkcs8;
                    case PEMKeyPair pair -> info = pair.getPrivateKeyInfo();
                    case PEMEncryptedKeyPair encrypted -> throw encrypted(file);
                    case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted(file);
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new KeyFault("the key " + file + " cannot be read" + expected);
        }
        if (info == null) {
            throw new KeyFault("there is no private key in " + file + expected);
        }
        try {
            String algorithm =
                    switch (info.getPrivateKeyAlgorithm().getAlgorithm().getId()) {
                        case "1.2.840.10045.2.1" -> "EC";
                        case "1.2.840.113549.1.1.1" -> "RSA";
                        case "1.3.101.112" -> "Ed25519";
                        default ->
                            throw new KeyFault("the key " + file
                                    + " is of a kind that is not used; expected EC on P-256 for ES256, RSA for RS256");
                    };
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyFault(
                    "the key " + file + " cannot be used: it is damaged, or its curve is not known" + expected);
        }
    }

    private static KeyFault encrypted(Path file) {
        return new KeyFault("the key " + file + " is encrypted; decrypt it into a file that only Postern can read:"
                + " openssl pkey -in KEY -out PLAIN");
    }

    /** The first certificate, and those after it for as long as each has signed the one before. */
    private static List<X509Certificate> chain(Path file) throws KeyFault {
        String expected = "; expected a certificate in PEM form (BEGIN CERTIFICATE)";
        List<X509Certificate> all = new ArrayList<>();
        try (PEMParser pem = new PEMParser(new StringReader(text(file, "certificate")))) {
            Object object;
            while ((object = pem.readObject()) != null) {
                if (object instanceof X509CertificateHolder holder) {
                    all.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | CertificateException | RuntimeException e) {
            throw new KeyFault("the certificate " + file + " cannot be read" + expected);
        }
        if (all.isEmpty()) {
            throw new KeyFault("there is no certificate in " + file + expected);
        }
        int length = 1;
        while (length < all.size() && length < MAX_CHAIN && isSignedBy(all.get(length - 1), all.get(length))) {
            length++;
        }
        return all.subList(0, length);
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static String text(Path file, String what) throws KeyFault {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new KeyFault("the " + what + " " + file + " is too large; expected a PEM file under "
                        + MAX_FILE / 1024 + " KiB");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new KeyFault(
                    "there is no " + what + " file " + file
                            + "; set postern.token.key and postern.token.certificate, or make a pair with: postern keys create");
        } catch (IOException e) {
            throw new KeyFault("the " + what + " " + file + " cannot be read: "
                    + e.getClass().getSimpleName() + "; expected a readable PEM file");
        }
    }

    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        return switch (privateKey) {
            case RSAPrivateKey rsa ->
                publicKey instanceof RSAPublicKey pub && pub.getModulus().equals(rsa.getModulus());
            case ECPrivateKey ec ->
                publicKey instanceof ECPublicKey pub
                        && pub.getParams().getOrder().equals(ec.getParams().getOrder())
                        && signsFor(ec, pub);
            default -> false;
        };
    }

    private static boolean signsFor(PrivateKey privateKey, PublicKey publicKey) {
        try {
            byte[] probe = {1, 2, 3};
            var signer = java.security.Signature.getInstance("SHA256withECDSA");
            signer.initSign(privateKey);
            signer.update(probe);
            byte[] signature = signer.sign();
            signer.initVerify(publicKey);
            signer.update(probe);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Generates a key and its self-signed certificate, good for ten years. */
    public static SigningKey generate(SigningAlgorithm algorithm, String issuer, Instant now) throws KeyFault {
        try {
            while (true) {
                KeyPair pair = pair(algorithm);
                SigningKey key = new SigningKey(algorithm, pair.getPrivate(), selfSigned(algorithm, pair, issuer, now));
                if (!key.published().hasLeadingZeroCoordinate()) {
                    return key;
                }
            }
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new KeyFault("no key could be generated: " + e.getClass().getSimpleName());
        }
    }

    static KeyPair pair(SigningAlgorithm algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator;
        switch (algorithm) {
            case ES256 -> {
                generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            case RS256 -> {
                generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(MIN_RSA_BITS);
            }
            default -> throw new IllegalStateException("unreachable: " + algorithm);
        }
        return generator.generateKeyPair();
    }

    private static X509Certificate selfSigned(SigningAlgorithm algorithm, KeyPair pair, String issuer, Instant now)
            throws OperatorCreationException, IOException, CertificateException {
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, issuer).build();
        BigInteger serial = new BigInteger(127, new SecureRandom());
        Date from = Date.from(now.minus(CERTIFICATE_BACKDATING));
        Date until = Date.from(now.plus(CERTIFICATE_LIFE));
        var builder = new JcaX509v3CertificateBuilder(name, serial, from, until, name, pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
        String jcaName = algorithm == SigningAlgorithm.ES256 ? "SHA256withECDSA" : "SHA256withRSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(jcaName).build(pair.getPrivate())));
    }

    /**
     * Writes the key, readable for its owner only, and the certificate. A key file that is there already is an error:
     * a key is never overwritten.
     */
    public static void write(SigningKey key, Path keyFile, Path certificateFile) throws KeyFault {
        try {
            Path directory = keyFile.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (Files.exists(keyFile)) {
                // Before the certificate is written: it would no longer be that of the key which stays.
                throw new KeyFault("there is a key already at " + keyFile + "; it is not overwritten");
            }
            // The certificate first: a key without one cannot be used, and is not there until all of it is.
            Files.writeString(certificateFile, pem(key.certificate()));
            writePrivateKey(key.privateKey(), keyFile);
        } catch (IOException e) {
            throw new KeyFault("the key cannot be written to " + keyFile + " ("
                    + e.getClass().getSimpleName() + "); expected a directory that Postern may write to");
        }
    }

    /** The same for a pair that is there once its certificate is; what a crash has left of one is overwritten. */
    static void writeKeyThenCertificate(SigningKey key, Path keyFile, Path certificateFile) throws KeyFault {
        try {
            writePrivateKey(key.privateKey(), keyFile);
            Path temporary = certificateFile.resolveSibling(certificateFile.getFileName() + ".new");
            Files.writeString(temporary, pem(key.certificate()));
            Files.move(temporary, certificateFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new KeyFault("the key cannot be written to " + keyFile + " ("
                    + e.getClass().getSimpleName() + "); expected a directory that Postern may write to");
        }
    }

    private static void writePrivateKey(PrivateKey key, Path keyFile) throws IOException, KeyFault {
        Path temporary = keyFile.resolveSibling(keyFile.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        FileAttribute<?>[] ownerOnly = supportsPosix(keyFile)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Files.createFile(temporary, ownerOnly);
        Files.writeString(temporary, pem(key), StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(temporary, keyFile, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean supportsPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** The certificate as PEM, the form of a registry's {@code rootcertbundle}. */
    public static String pem(X509Certificate certificate) throws KeyFault {
        return pem((Object) certificate);
    }

    private static String pem(Object object) throws KeyFault {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            Object written = object instanceof PrivateKey key ? PrivateKeyInfo.getInstance(key.getEncoded()) : object;
            // As PKCS#8 (BEGIN PRIVATE KEY), whatever the kind: BouncyCastle's default is the older form.
            if (written instanceof PrivateKeyInfo info) {
                writer.writeObject(new org.bouncycastle.util.io.pem.PemObject("PRIVATE KEY", info.getEncoded()));
            } else {
                writer.writeObject(written);
            }
        } catch (IOException e) {
            throw new KeyFault(
                    "the key cannot be written as PEM: " + e.getClass().getSimpleName());
        }
        return text.toString();
    }
}
