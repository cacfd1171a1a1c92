package dev.postern.token;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The public half of a signing key: what registries are told of it, and what tokens are verified by.
 *
 * @param algorithm the algorithm that goes with it, and no other
 * @param chain its certificate, and those of the authorities between it and what registries trust
 */
public record PublishedKey(SigningAlgorithm algorithm, List<X509Certificate> chain) {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int P256_BYTES = 32;

    /** Keeps its own copy. */
    public PublishedKey {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a published key has a certificate");
        }
        chain = List.copyOf(chain);
    }

    /** A key by all the certificates that came with it: without the one that registries trust, which is no use to them. */
    static PublishedKey of(SigningAlgorithm algorithm, List<X509Certificate> chain) {
        X509Certificate last = chain.getLast();
        boolean root = last.getSubjectX500Principal().equals(last.getIssuerX500Principal());
        return new PublishedKey(algorithm, chain.size() > 1 && root ? chain.subList(0, chain.size() - 1) : chain);
    }

    /** The key's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The public key. */
    public PublicKey publicKey() {
        return certificate().getPublicKey();
    }

    /** The JWK thumbprint (RFC 7638): SHA-256, base64url without padding. */
    public String thumbprint() {
        // The members in lexicographic order, without white space: the form that is digested.
        StringBuilder json = new StringBuilder("{");
        publicMembers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(member -> json.append(json.length() > 1 ? "," : "")
                        .append('"')
                        .append(member.getKey())
                        .append("\":\"")
                        .append(member.getValue())
                        .append('"'));
        return URL.encodeToString(sha256(json.append('}').toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The key id of libtrust: base32 of the first 30 bytes of the SHA-256 of the public key's DER, in groups of four. */
    public String libtrustId() {
        byte[] digest = Arrays.copyOf(sha256(publicKey().getEncoded()), 30);
        StringBuilder id = new StringBuilder();
        int bits = 0;
        int buffer = 0;
        for (byte b : digest) {
            buffer = buffer << 8 | b & 0xff;
            bits += 8;
            while (bits >= 5) {
                id.append(id.length() % 5 == 4 ? ":" : "");
                id.append(BASE32.charAt(buffer >> (bits - 5) & 31));
                bits -= 5;
            }
        }
        return id.toString();
    }

    /** The chain in the form of {@code x5c}: base64, not base64url, of each DER (RFC 7515 section 4.1.6). */
    public List<String> x5c() {
        return chain.stream().map(PublishedKey::x5c).toList();
    }

    private static String x5c(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /** The required members of the public JWK (RFC 7638 section 3.2). */
    Map<String, String> publicMembers() {
        Map<String, String> members = new LinkedHashMap<>();
        switch (publicKey()) {
            case ECPublicKey ec -> {
                members.put("kty", "EC");
                members.put("crv", "P-256");
                members.put("x", URL.encodeToString(fixed(ec.getW().getAffineX())));
                members.put("y", URL.encodeToString(fixed(ec.getW().getAffineY())));
            }
            case RSAPublicKey rsa -> {
                members.put("kty", "RSA");
                members.put("n", URL.encodeToString(unsigned(rsa.getModulus())));
                members.put("e", URL.encodeToString(unsigned(rsa.getPublicExponent())));
            }
            default -> throw new IllegalStateException("keys of other kinds are refused when they are read");
        }
        return members;
    }

    /**
     * Whether a coordinate begins with a zero byte. Distribution 3.1 computes the thumbprint of such a key wrong, about 1
     * in 128, so one is not generated.
     */
    boolean hasLeadingZeroCoordinate() {
        return publicKey() instanceof ECPublicKey ec
                && (fixed(ec.getW().getAffineX())[0] == 0 || fixed(ec.getW().getAffineY())[0] == 0);
    }

    private static byte[] fixed(BigInteger coordinate) {
        byte[] bytes = unsigned(coordinate);
        byte[] padded = new byte[P256_BYTES];
        System.arraycopy(bytes, 0, padded, P256_BYTES - bytes.length, bytes.length);
        return padded;
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "PublishedKey[" + algorithm + ", " + thumbprint() + "]";
    }
}
