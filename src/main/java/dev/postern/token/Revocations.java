package dev.postern.token;

import java.time.Instant;

/** Which tokens are refused although they have not expired. Replicas may share what is behind this. */
public interface Revocations {

    /** Nothing is revoked. */
    Revocations NONE = token -> false;

    /**
     * A token of either kind.
     *
     * @param id its {@code jti}
     * @param subject its {@code sub}
     * @param account the subject's account
     * @param issuedAt its {@code iat}
     */
    record Token(String id, String subject, String account, Instant issuedAt) {}

    /** Whether it is refused. Asked for each exchange and each reuse; answers from memory. */
    boolean isRevoked(Token token);
}
