package dev.postern.setup;

import dev.postern.identity.PasswordDigest;
import dev.postern.identity.VerifiedPasswords;
import io.quarkus.cache.CaffeineCache;
import java.util.concurrent.CompletableFuture;

/** Remembers in a cache of Quarkus's, whose size and times are settings. */
final class CachedPasswords implements VerifiedPasswords {

    /** The cache's name in settings and metrics. */
    static final String NAME = "verified-passwords";

    private final CaffeineCache cache;

    CachedPasswords(CaffeineCache cache) {
        this.cache = cache;
    }

    @Override
    public boolean knows(PasswordDigest digest) {
        CompletableFuture<Boolean> found = cache.getIfPresent(digest);
        return found != null && found.getNow(false);
    }

    @Override
    public void remember(PasswordDigest digest) {
        cache.put(digest, CompletableFuture.completedFuture(true));
    }
}
