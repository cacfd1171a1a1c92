package dev.postern.identity;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.token.RefreshToken;
import dev.postern.token.RefreshTokens;
import dev.postern.token.Revocations;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Refresh tokens as credentials. One stands for the credential that was shown for it, and no longer than that: it is judged
 * by the policy of each moment, and refused when the API key is gone from it, or the password is another.
 */
public final class RefreshLogin {

    /** Before the token's id, in the audit. */
    static final String CREDENTIAL = "refresh-token:";

    /** Takes none, and gives none. */
    public static final RefreshLogin OFF =
            new RefreshLogin(Optional.empty(), Revocations.NONE, "", InstantSource.system(), () -> true);

    private final Optional<RefreshTokens> tokens;
    private final Revocations revocations;
    private final String service;
    private final InstantSource clock;
    private final BooleanSupplier mayTake;
    private final LongAdder taken = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder issued = new LongAdder();

    /**
     * @param tokens reads and issues them; none where they are switched off
     * @param revocations those that are at once
     * @param service the registry's service name, for which alone tokens are exchanged
     * @param mayTake whether they are taken just now
     */
    public RefreshLogin(
            Optional<RefreshTokens> tokens,
            Revocations revocations,
            String service,
            InstantSource clock,
            BooleanSupplier mayTake) {
        this.tokens = tokens;
        this.revocations = revocations;
        this.service = service;
        this.clock = clock;
        this.mayTake = mayTake;
    }

    /** Judges the token by the policy. */
    Authentication authenticate(Policy policy, Credentials.RefreshToken shown) {
        Authentication judged = judge(policy, shown);
        (judged instanceof Authenticated ? taken : refused).increment();
        return judged;
    }

    /** How many refresh tokens were taken so far. */
    public long taken() {
        return taken.sum();
    }

    /** How many were shown that are no longer good, or never were. */
    public long refused() {
        return refused.sum();
    }

    /** How many were issued. */
    public long issued() {
        return issued.sum();
    }

    private Authentication judge(Policy policy, Credentials.RefreshToken shown) {
        if (tokens.isEmpty()) {
            return new Rejected();
        }
        return switch (tokens.get().read(shown.value(), clock.instant())) {
            case RefreshToken.Invalid invalid -> new Rejected();
            case RefreshToken.Valid valid -> authenticate(policy, valid);
        };
    }

    private Authentication authenticate(Policy policy, RefreshToken.Valid token) {
        RefreshToken.Claims claims = token.claims();
        Optional<Subject> subject = Subject.parse(claims.subject());
        if (!claims.service().equals(service)
                || subject.isEmpty()
                || subject.get().account().isEmpty()
                || !subject.get().account().equals(claims.account())
                || isRevoked(policy, subject.get(), token)) {
            return new Rejected();
        }
        Optional<String> inForce = CredentialFingerprint.of(policy, subject.get(), claims.credential());
        if (inForce.isEmpty() || !isSame(inForce.get(), claims.fingerprint())) {
            return new Rejected();
        }
        // Last: who is refused anyway is told so, and not to come again.
        if (!mayTake.getAsBoolean()) {
            return new Unavailable("what other replicas have revoked is not known");
        }
        return new Authenticated(new Identity.Known(subject.get(), CREDENTIAL + token.id()));
    }

    private boolean isRevoked(Policy policy, Subject subject, RefreshToken.Valid token) {
        Instant issuedAt = token.issuedAt();
        return policy.tokensNotBefore(subject).filter(issuedAt::isBefore).isPresent()
                || revocations.isRevoked(
                        new Revocations.Token(token.id(), subject.toString(), subject.account(), issuedAt));
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * A refresh token for who has just been known by this policy; none for who shows no credential that a policy holds: nobody
     * in particular, who shows a refresh token already, and whose life is its own issuer's.
     */
    public Optional<RefreshToken> issue(Policy policy, Identity identity, Instant now) {
        Optional<RefreshToken> made = make(policy, identity, now);
        made.ifPresent(token -> issued.increment());
        return made;
    }

    private Optional<RefreshToken> make(Policy policy, Identity identity, Instant now) {
        return switch (identity) {
            case Identity.Anonymous anonymous -> Optional.empty();
            case Identity.Federated federated -> Optional.empty();
            case Identity.Foreign foreign -> Optional.empty();
            case Identity.Known known ->
                CredentialFingerprint.of(policy, known.subject(), known.credential())
                        .flatMap(fingerprint -> tokens.map(issuing -> issuing.issue(
                                new RefreshToken.Claims(
                                        known.subject().toString(),
                                        known.subject().account(),
                                        service,
                                        known.credential(),
                                        fingerprint),
                                now)));
        };
    }
}
