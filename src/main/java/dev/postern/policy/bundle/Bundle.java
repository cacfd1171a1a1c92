package dev.postern.policy.bundle;

import dev.postern.fetch.Validators;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A bundle as it came.
 *
 * @param bytes the file, owned by this
 * @param signature the text of its signature; empty where none is asked for
 * @param validators by what the server knows it
 */
record Bundle(byte[] bytes, Optional<String> signature, Validators validators) {

    /** SHA-256 of the file, in hexadecimal. */
    String digest() {
        return sha256(bytes);
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
