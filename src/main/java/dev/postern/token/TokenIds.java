package dev.postern.token;

import java.security.SecureRandom;
import java.util.Base64;

/** The {@code jti} of tokens: 128 random bits, 22 characters of base64url. */
final class TokenIds {

    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    String next() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
