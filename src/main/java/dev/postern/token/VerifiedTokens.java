package dev.postern.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.token.RegistryTokenReader.Said;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Registry tokens that were verified, so that each layer of a pull does not cost a signature. What is remembered is what the
 * token says, under a digest of the whole of it with a secret of this process; nothing of who showed it, from where, or what
 * was decided. Whether it has expired or was revoked is asked each time, and other keys make it forgotten.
 */
final class VerifiedTokens {

    private static final int MAX_TOKENS = 4096;
    private static final Duration LIFE = Duration.ofMinutes(5);

    /** A token of a hundred scopes is not worth its place. */
    private static final int MAX_LENGTH = 6 * 1024;

    /** To look a digest's maker up costs as much as the digest. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(VerifiedTokens::sha256);

    private final byte[] secret = new byte[32];
    private final Cache<Key, Entry> tokens = Caffeine.newBuilder()
            .maximumSize(MAX_TOKENS)
            .expireAfterWrite(LIFE)
            // What is left to do after a write is little; a pool of threads for it costs more.
            .executor(Runnable::run)
            .build();

    VerifiedTokens() {
        new SecureRandom().nextBytes(secret);
    }

    /** A digest; none of a token that is not remembered. */
    static final class Key {
        private static final Key NONE = new Key(new byte[0]);

        private final byte[] digest;

        private Key(byte[] digest) {
            this.digest = digest;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && MessageDigest.isEqual(digest, that.digest);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(digest);
        }
    }

    private record Entry(KeyRing ring, Said said) {}

    Key key(String token) {
        if (token.length() > MAX_LENGTH) {
            return Key.NONE;
        }
        MessageDigest digest = SHA_256.get();
        digest.update(secret);
        digest.update(token.getBytes(StandardCharsets.UTF_8));
        return new Key(digest.digest(secret));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Optional<Said> recall(Key key, KeyRing ring) {
        return key == Key.NONE
                ? Optional.empty()
                : Optional.ofNullable(tokens.getIfPresent(key))
                        .filter(entry -> entry.ring() == ring)
                        .map(Entry::said);
    }

    void remember(Key key, KeyRing ring, Said said) {
        if (key != Key.NONE) {
            tokens.put(key, new Entry(ring, said));
        }
    }
}
