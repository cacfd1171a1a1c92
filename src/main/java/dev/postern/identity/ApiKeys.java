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

    private ApiKeys() {}

    /** A new key. */
    public static String generate() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The SHA-256 of a key's UTF-8 text, in lower-case hexadecimal, as policies hold it. */
    public static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
