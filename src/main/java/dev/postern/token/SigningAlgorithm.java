package dev.postern.token;

/** How tokens are signed (RFC 7518 section 3.1). */
public enum SigningAlgorithm {
    /** ECDSA with P-256 and SHA-256; the signature is raw R and S. */
    ES256("SHA256withECDSAinP1363Format"),
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RS256("SHA256withRSA");

    private final String jcaName;

    SigningAlgorithm(String jcaName) {
        this.jcaName = jcaName;
    }

    String jcaName() {
        return jcaName;
    }
}
