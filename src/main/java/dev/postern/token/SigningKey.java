package dev.postern.token;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A private key and what is published of its other half.
 *
 * @param published the public half
 * @param privateKey a P-256 key or an RSA key of at least 2048 bits
 * @param authority who has signed its certificate, where that is known to be another than the key itself
 */
public record SigningKey(PublishedKey published, PrivateKey privateKey, Optional<X509Certificate> authority) {

    /** A key whose certificate registries trust as it is. */
    public SigningKey(SigningAlgorithm algorithm, PrivateKey privateKey, X509Certificate certificate) {
        this(new PublishedKey(algorithm, List.of(certificate)), privateKey, Optional.empty());
    }

    /**
     * A key by all the certificates that came with it.
     *
     * @param chain the key's own, and each authority's above it
     */
    static SigningKey of(SigningAlgorithm algorithm, PrivateKey privateKey, List<X509Certificate> chain) {
        return new SigningKey(
                PublishedKey.of(algorithm, chain),
                privateKey,
                chain.stream().skip(1).findFirst());
    }

    /** The algorithm. */
    public SigningAlgorithm algorithm() {
        return published.algorithm();
    }

    /** The certificate of the public key. */
    public X509Certificate certificate() {
        return published.certificate();
    }

    /** The public key. */
    public PublicKey publicKey() {
        return published.publicKey();
    }

    /** The JWK thumbprint of the public key (RFC 7638). */
    public String thumbprint() {
        return published.thumbprint();
    }

    /** Leaves the private key out. */
    @Override
    public String toString() {
        return "SigningKey[" + algorithm() + ", " + thumbprint() + "]";
    }
}
