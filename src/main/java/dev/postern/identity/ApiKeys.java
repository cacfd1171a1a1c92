package dev.postern.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * API keys: 256 random bits, so that a plain digest of one tells nothing about it and can be looked up.
 *
 * <p>The form is {@code postern_} and 43 characters of base64url, which secret scanners can recognise.
 */
public final class ApiKeys {

    private static final String PREFIX = "postern_";
    private static final int RANDOM_BYTES = 32;

    /** To look a digest's maker up costs more than the digest. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(ApiKeys::sha256);

    private ApiKeys() {}

    /** A new key. */
    public static String generate() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The SHA-256 of a key's UTF-8 text, in lower-case hexadecimal, as policies hold it. */
    public static String digest(String key) {
        return HexFormat.of().formatHex(SHA_256.get().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
