package dev.postern.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands for a login, a password and the hash that it was held against: their HMAC-SHA-256 (RFC 2104) under a secret of
 * this process. Who reads the memory of a cache of them reads no password; another hash is another digest.
 */
public record PasswordDigest(long first, long second, long third, long fourth) {

    private static final String ALGORITHM = "HmacSHA256";

    /** Makes digests under one secret. */
    static final class Maker {
        private final Key secret;

        /** A maker of digests under this secret. */
        Maker(byte[] secret) {
            this.secret = new SecretKeySpec(secret, ALGORITHM);
        }

        PasswordDigest of(String login, String password, String hash) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(secret);
                add(mac, login);
                add(mac, password);
                ByteBuffer digest = ByteBuffer.wrap(mac.doFinal(hash.getBytes(StandardCharsets.UTF_8)));
                return new PasswordDigest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        }

        /** With its length before it, so that no two pairs of texts are the same bytes. */
        private static void add(Mac mac, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            mac.update(bytes);
        }
    }

    @Override
    public String toString() {
        return "PasswordDigest[…]";
    }
}
