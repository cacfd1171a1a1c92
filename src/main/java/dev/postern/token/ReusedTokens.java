package dev.postern.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Registry tokens that are given again to whom the same would be issued: the same subject, access, audience and binding, by
 * the same key, while more than half of the life is left, and 60 s at least. A thousand nodes that pull at once cost one
 * signature. Nothing is decided here: the gate has been asked, and what it granted is part of the question.
 */
public final class ReusedTokens {

    /** Of about 2 kB each. */
    private static final int MAX_TOKENS = 4096;

    /** A token of a hundred scopes is not worth its place. */
    private static final int MAX_LENGTH = 6 * 1024;

    private final Cache<Question, RegistryToken> tokens;
    private final LongAdder given = new LongAdder();

    private record Question(RegistryToken.Claims claims, SigningKey key) {
        // Keys are told apart by identity: a key that was read anew may have another certificate.
        @Override
        public boolean equals(Object other) {
            return other instanceof Question that && key == that.key && claims.equals(that.claims);
        }

        @Override
        public int hashCode() {
            return claims.hashCode();
        }
    }

    /** @param lifetime of each token */
    public ReusedTokens(Duration lifetime) {
        this.tokens = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfterWrite(lifetime.dividedBy(2))
                // What is left to do after a write is little; a pool of threads for it costs more.
                .executor(Runnable::run)
                .build();
    }

    /** The token that was issued for these claims by this key, where it may be given again. */
    public Optional<RegistryToken> find(RegistryToken.Claims claims, SigningKey key, Instant now) {
        return Optional.ofNullable(tokens.getIfPresent(new Question(claims, key)))
                .filter(token -> isFresh(token, now));
    }

    /** One of them is given again. */
    public void given() {
        given.increment();
    }

    /** How many were so far. */
    public long count() {
        return given.sum();
    }

    /** Remembers a token that was issued just now. */
    public void remember(RegistryToken.Claims claims, SigningKey key, RegistryToken token) {
        if (token.value().length() <= MAX_LENGTH) {
            tokens.put(new Question(claims, key), token);
        }
    }

    /** Forgets all of them. */
    public void clear() {
        tokens.invalidateAll();
    }

    private static boolean isFresh(RegistryToken token, Instant now) {
        long left = token.secondsLeft(now);
        return !now.isBefore(token.issuedAt())
                && left * 2 > token.lifetime().toSeconds()
                && left >= TokenIssuer.SHORTEST_LIFETIME.toSeconds();
    }
}
