package dev.postern.identity;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.policy.Names;
import dev.postern.policy.Policy;
import dev.postern.policy.Policy.KeyOwner;
import dev.postern.policy.Policy.UserOwner;
import dev.postern.policy.Subject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Credentials to identities, by the policy in force. */
public final class Authenticator {

    /** The user name that goes with an API key whose owner the key itself tells. */
    static final String API_KEY_USER = "iamapikey";

    /** Longer secrets than this are wrong without being looked at. */
    private static final int MAX_SECRET = 8 * 1024;

    /** bcrypt reads no more than 72 bytes: a longer password would be checked by its beginning only. */
    private static final int MAX_BCRYPT_BYTES = 72;

    /** 22 characters of salt and 31 of hash that no password has. */
    private static final String NOBODYS_HASH = "......................///////////////////////////////";

    private final PasswordChecks passwords;
    private final OutsideIdentities others;

    /** An authenticator that leaves slow hashes to these workers, and asks nobody else. */
    public Authenticator(PasswordChecks passwords) {
        this(passwords, OutsideIdentities.NONE);
    }

    /** An authenticator that leaves slow hashes to these workers, and what others know to them. */
    public Authenticator(PasswordChecks passwords, OutsideIdentities others) {
        this.passwords = passwords;
        this.others = others;
    }

    /**
     * Judges the credentials. API keys and the absence of credentials are judged at once; a future that is not done is
     * waiting for a password check.
     */
    public CompletableFuture<Authentication> authenticate(Policy policy, Credentials credentials) {
        return switch (credentials) {
            case Credentials.None none -> done(new Authenticated(new Identity.Anonymous()));
            case Credentials.Bearer bearer -> others.byToken(policy, bearer.token(), Optional.empty());
            case Credentials.Unsupported unsupported -> done(new Rejected());
            case Credentials.Malformed malformed -> done(new Rejected());
            case Credentials.UserPassword basic -> basic(policy, basic);
        };
    }

    private CompletableFuture<Authentication> basic(Policy policy, Credentials.UserPassword basic) {
        String user = basic.user().substring(basic.user().indexOf('/') + 1);
        if (Names.TOKEN_USERS.contains(user)) {
            // An account may stand before it: acme/oidc.
            Optional<String> account = user.length() == basic.user().length()
                    ? Optional.empty()
                    : Optional.of(basic.user().substring(0, basic.user().length() - user.length() - 1));
            return others.byToken(policy, basic.password(), account);
        }
        if (basic.password().isEmpty() || basic.password().length() > MAX_SECRET) {
            return done(new Rejected());
        }
        Optional<KeyOwner> key = keyOwner(policy, basic);
        if (key.isPresent()) {
            KeyOwner owner = key.get();
            Subject subject = new Subject(
                    Subject.Kind.SERVICE_ID,
                    owner.account().name(),
                    owner.serviceId().name());
            return done(new Authenticated(
                    new Identity.Known(subject, "api-key:" + owner.key().id())));
        }
        if (basic.user().equals(API_KEY_USER)) {
            return others.byApiKey(policy, basic.password());
        }
        return password(policy, basic);
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

    /** A service id with a wrong key and a user nobody has take the same way as a user with a wrong password. */
    private CompletableFuture<Authentication> password(Policy policy, Credentials.UserPassword basic) {
        Optional<UserOwner> owner = policy.user(basic.user());
        String hash = owner.map(found -> found.user().passwordHash())
                .orElseGet(() -> String.format("$2y$%02d$", policy.highestBcryptCost()) + NOBODYS_HASH);
        boolean tooLong = basic.password().getBytes(StandardCharsets.UTF_8).length > MAX_BCRYPT_BYTES;
        return passwords
                .matches(basic.password(), hash)
                .<Authentication>thenApply(matches -> {
                    if (!matches || owner.isEmpty() || tooLong) {
                        return new Rejected();
                    }
                    Subject subject = new Subject(
                            Subject.Kind.USER,
                            owner.get().account().name(),
                            owner.get().user().name());
                    return new Authenticated(new Identity.Known(subject, "password"));
                })
                .exceptionally(failure -> new Unavailable("password checks are overloaded"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CompletableFuture<Authentication> done(Authentication outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
