package dev.postern.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Compact signed tokens (RFC 7515 section 7.1): {@code header.payload.signature}. */
final class SignedText {

    /** Longer ones than this were not made here. */
    static final int MAX_LENGTH = 32 * 1024;

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    /** Raw R and S of P-256 (RFC 7518 section 3.4). */
    private static final int ES256_BYTES = 64;

    private SignedText() {}

    /** Signs the payload under a header that {@link JwsHeader} has encoded. */
    static String sign(String encodedHeader, byte[] payload, Signer signer) {
        byte[] encodedPayload = URL.encode(payload);
        byte[] signed = new byte[encodedHeader.length() + 1 + encodedPayload.length];
        System.arraycopy(encodedHeader.getBytes(StandardCharsets.ISO_8859_1), 0, signed, 0, encodedHeader.length());
        signed[encodedHeader.length()] = '.';
        System.arraycopy(encodedPayload, 0, signed, encodedHeader.length() + 1, encodedPayload.length);
        return new String(signed, StandardCharsets.ISO_8859_1) + "." + URL.encodeToString(signer.sign(signed));
    }

    /** The payload, where the header is one of these and the signature is its key's. */
    static Optional<byte[]> verified(
            String token, Map<String, PublishedKey> keysByHeader, Optional<Provider> provider) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int first = token.indexOf('.');
        int last = token.lastIndexOf('.');
        if (first < 0 || last == first || token.indexOf('.', first + 1) != last) {
            return Optional.empty();
        }
        PublishedKey key = keysByHeader.get(token.substring(0, first));
        if (key == null) {
            return Optional.empty();
        }
        try {
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(last + 1));
            // In the one way in which it is written: no padding, and no other bits at its end.
            if (!URL.encodeToString(signature).equals(token.substring(last + 1))) {
                return Optional.empty();
            }
            if (!isSignedBy(key, token.substring(0, last).getBytes(StandardCharsets.UTF_8), signature, provider)) {
                return Optional.empty();
            }
            return Optional.of(Base64.getUrlDecoder().decode(token.substring(first + 1, last)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static boolean isSignedBy(PublishedKey key, byte[] signed, byte[] signature, Optional<Provider> provider) {
        if (key.algorithm() == SigningAlgorithm.ES256 && signature.length != ES256_BYTES) {
            return false;
        }
        String name = key.algorithm().jcaName();
        try {
            Signature verifier =
                    provider.isPresent() ? Signature.getInstance(name, provider.get()) : Signature.getInstance(name);
            verifier.initVerify(key.publicKey());
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException notASignature) {
            return false;
        }
    }
}
