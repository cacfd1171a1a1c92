package dev.postern.token;

import java.time.Instant;

/**
 * A refresh token that was issued.
 *
 * @param value the compact JWT; a secret
 * @param id its {@code jti}
 */
public record RefreshToken(String value, String id) {

    /**
     * What a refresh token says: who may exchange it, where, and for as long as which credential stands.
     *
     * @param subject the {@code sub} claim
     * @param account the subject's account
     * @param service the registry's service name, for which alone it is exchanged
     * @param credential the credential that was shown for it: {@code api-key:k1}, {@code password}
     * @param fingerprint of that credential as the policy had it, one-way: another key or password has another
     */
    public record Claims(String subject, String account, String service, String credential, String fingerprint) {}

    /** What became of reading one. */
    public sealed interface Reading {}

    /** It was issued here, and has not expired. Whether it was revoked is not known by that. */
    public record Valid(Claims claims, String id, Instant issuedAt) implements Reading {}

    /** It was not, or it has. */
    public record Invalid(String why) implements Reading {}

    /** Leaves the token itself out. */
    @Override
    public String toString() {
        return "RefreshToken[" + id + "]";
    }
}
