package dev.postern.identity.oidc;

import java.util.Optional;

/** What tokens were found to say, for a short while; by a digest, so that no token is kept. Bounded. */
public interface TokenMemory {

    /** What the token of this digest was found to say, where it is remembered. */
    Optional<VerifiedToken> recall(String digest);

    /** Remembers it. */
    void remember(String digest, VerifiedToken token);
}
