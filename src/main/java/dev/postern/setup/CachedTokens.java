package dev.postern.setup;

import dev.postern.identity.oidc.TokenMemory;
import dev.postern.identity.oidc.VerifiedToken;
import io.quarkus.cache.Cache;
import io.quarkus.cache.CacheName;
import io.quarkus.cache.CaffeineCache;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What was verified, in caches of Quarkus's, which bound how much there is and how long it stays. */
record CachedTokens(CaffeineCache cache) implements TokenMemory {

    @Override
    public Optional<VerifiedToken> recall(String digest) {
        CompletableFuture<VerifiedToken> known = cache.getIfPresent(digest);
        return known == null ? Optional.empty() : Optional.ofNullable(known.getNow(null));
    }

    @Override
    public void remember(String digest, VerifiedToken token) {
        cache.put(digest, CompletableFuture.completedFuture(token));
    }

    /** Makes the memories of the caches. */
    @Singleton
    static final class Maker {
        @Produces
        @Singleton
        OidcService.Memories memories(
                @CacheName("postern-tokens") Cache tokens, @CacheName("postern-iam-keys") Cache keys) {
            return new OidcService.Memories(
                    new CachedTokens(tokens.as(CaffeineCache.class)), new CachedTokens(keys.as(CaffeineCache.class)));
        }
    }
}
