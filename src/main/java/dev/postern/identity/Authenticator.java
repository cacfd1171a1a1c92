package dev.postern.identity;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.RejectedToken;
import dev.postern.identity.Authentication.Throttled;
import dev.postern.policy.Names;
import dev.postern.policy.Policy;
import dev.postern.policy.Policy.KeyOwner;
import dev.postern.policy.Subject;
import dev.postern.throttle.Throttle;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Credentials to identities, by the policy in force. */
public final class Authenticator {

    /** The user name that goes with an API key whose owner the key itself tells. */
    static final String API_KEY_USER = "iamapikey";

    /** Longer secrets than this are wrong without being looked at. */
    private static final int MAX_SECRET = 8 * 1024;

    private static final int SECRET_BYTES = 32;

    private final Throttle throttle;
    private final InstantSource clock;
    private final Passwords passwords;
    private final RefreshLogin refreshTokens;
    private final OutsideIdentities others;

    /** An authenticator that takes no refresh tokens, and asks nobody else. */
    public Authenticator(PasswordChecks checks, VerifiedPasswords verified, Throttle throttle, InstantSource clock) {
        this(checks, verified, throttle, clock, RefreshLogin.OFF, OutsideIdentities.NONE);
    }

    /**
     * An authenticator.
     *
     * @param checks who makes slow checks
     * @param verified where it is kept that a slow check has found a password right
     * @param throttle who counts failures
     * @param refreshTokens who judges refresh tokens
     * @param others who knows identities that the policy does not name one by one
     */
    public Authenticator(
            PasswordChecks checks,
            VerifiedPasswords verified,
            Throttle throttle,
            InstantSource clock,
            RefreshLogin refreshTokens,
            OutsideIdentities others) {
        this.throttle = throttle;
        this.clock = clock;
        this.refreshTokens = refreshTokens;
        this.others = others;
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        this.passwords = new Passwords(checks, verified, new PasswordDigest.Maker(secret), throttle, clock);
    }

    /**
     * Judges the credentials. API keys of the policy, refresh tokens, and what was found right lately are judged at once; a
     * future that is not done is waiting for a password check, or for an issuer or IAM.
     */
    public CompletableFuture<Authentication> authenticate(Policy policy, Credentials credentials, Caller caller) {
        return switch (credentials) {
            case Credentials.None none -> done(new Authenticated(new Identity.Anonymous()));
            case Credentials.Bearer bearer -> counted(others.byToken(policy, bearer.token(), Optional.empty()), caller);
            case Credentials.Unsupported unsupported -> done(new Rejected());
            case Credentials.Malformed malformed -> done(new Rejected());
            case Credentials.UserPassword basic -> basic(policy, basic, caller);
            case Credentials.RefreshToken refresh -> done(refresh(policy, refresh, caller));
        };
    }

    private CompletableFuture<Authentication> basic(Policy policy, Credentials.UserPassword basic, Caller caller) {
        String user = basic.user().substring(basic.user().indexOf('/') + 1);
        if (Names.TOKEN_USERS.contains(user)) {
            // An account may stand before it: acme/oidc.
            Optional<String> account = user.length() == basic.user().length()
                    ? Optional.empty()
                    : Optional.of(basic.user().substring(0, basic.user().length() - user.length() - 1));
            return counted(others.byToken(policy, basic.password(), account), caller);
        }
        if (basic.password().isEmpty() || basic.password().length() > MAX_SECRET) {
            return done(wrong(caller));
        }
        Optional<KeyOwner> key = keyOwner(policy, basic);
        if (key.isPresent()) {
            // Nobody guesses 256 random bits: however often others fail there, a right key is let in.
            KeyOwner owner = key.get();
            Subject subject = new Subject(
                    Subject.Kind.SERVICE_ID,
                    owner.account().name(),
                    owner.serviceId().name());
            return done(new Authenticated(
                    new Identity.Known(subject, "api-key:" + owner.key().id())));
        }
        if (basic.user().equals(API_KEY_USER)) {
            // Whoever is wrong too often makes nobody else work; what is remembered to be right is let in all the same.
            boolean mayAsk = throttle.delay(caller.origin(), clock.instant()).isZero();
            return counted(others.byApiKey(policy, basic.password(), mayAsk), caller);
        }
        return passwords.authenticate(policy, basic, caller);
    }

    /** Nobody guesses a signature either: a good token is let in, however often others fail there. */
    private Authentication refresh(Policy policy, Credentials.RefreshToken refresh, Caller caller) {
        return counted(refreshTokens.authenticate(policy, refresh), caller);
    }

    private CompletableFuture<Authentication> counted(CompletableFuture<Authentication> judged, Caller caller) {
        return judged.thenApply(outcome -> counted(outcome, caller));
    }

    private Authentication counted(Authentication outcome, Caller caller) {
        return switch (outcome) {
            case Rejected rejected -> wrong(outcome, caller);
            case RejectedToken rejected -> wrong(outcome, caller);
            case Authenticated known -> outcome;
            case Authentication.Missing missing -> outcome;
            case Authentication.NotAttempted notAttempted -> outcome;
            case Throttled throttled -> outcome;
            case Authentication.Unavailable unavailable -> outcome;
        };
    }

    private Authentication wrong(Caller caller) {
        return wrong(new Rejected(), caller);
    }

    /** What is wrong at the first look counts for the place alone: it names nobody, or nobody can be guessed by it. */
    private Authentication wrong(Authentication outcome, Caller caller) {
        Instant now = clock.instant();
        Duration delay = throttle.delay(caller.origin(), now);
        if (delay.isPositive()) {
            return new Throttled(delay);
        }
        throttle.failed(caller.origin(), now);
        return outcome;
    }

    /** The digest of a random key tells nothing about it, so a look-up by digest has no timing to hide. */
    private static Optional<KeyOwner> keyOwner(Policy policy, Credentials.UserPassword basic) {
        String digest = ApiKeys.digest(basic.password());
        return policy.keyOwner(digest)
                .filter(owner -> MessageDigest.isEqual(ascii(owner.key().digest()), ascii(digest)))
                .filter(owner -> basic.user().equals(API_KEY_USER)
                        || basic.user().equals(owner.serviceId().name())
                        || basic.user()
                                .equals(owner.account().name() + "/"
                                        + owner.serviceId().name()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CompletableFuture<Authentication> done(Authentication outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
