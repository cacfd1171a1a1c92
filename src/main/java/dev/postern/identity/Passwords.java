package dev.postern.identity;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.Throttled;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.identity.PasswordChecks.Check;
import dev.postern.identity.PasswordChecks.Finding;
import dev.postern.policy.Account;
import dev.postern.policy.BcryptHash;
import dev.postern.policy.Policy;
import dev.postern.policy.Policy.UserOwner;
import dev.postern.policy.Subject;
import dev.postern.throttle.Attempt;
import dev.postern.throttle.Standing;
import dev.postern.throttle.Throttle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users and their passwords. What was found right a short while ago is known at once; for all else, a guess waits for its
 * turn, is made once however many make it at the same time, and counts as a failure where it is wrong.
 */
final class Passwords {

    /** bcrypt reads no more than 72 bytes: a longer password would be checked by its beginning only. */
    private static final int MAX_BCRYPT_BYTES = 72;

    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);

    private final PasswordChecks checks;
    private final VerifiedPasswords verified;
    private final PasswordDigest.Maker digests;
    private final PseudoAccounts pseudoAccounts;
    private final Throttle throttle;
    private final InstantSource clock;
    private final Map<Running, CompletableFuture<Finding>> running = new ConcurrentHashMap<>();

    /** A check that is waiting or being made. */
    private record Running(PasswordDigest digest, Standing standing) {}

    Passwords(
            PasswordChecks checks,
            VerifiedPasswords verified,
            PasswordDigest.Maker digests,
            Throttle throttle,
            InstantSource clock) {
        this.checks = checks;
        this.verified = verified;
        this.digests = digests;
        this.pseudoAccounts = new PseudoAccounts();
        this.throttle = throttle;
        this.clock = clock;
    }

    /** A service id with a wrong key and a user nobody has take the same way as a user with a wrong password. */
    CompletableFuture<Authentication> authenticate(Policy policy, Credentials.UserPassword basic, Caller caller) {
        Optional<UserOwner> owner = policy.user(basic.user())
                .filter(found -> basic.password().getBytes(StandardCharsets.UTF_8).length <= MAX_BCRYPT_BYTES);
        String hash = owner.map(found -> found.user().passwordHash())
                .orElseGet(() -> BcryptHash.ofNobody(policy.highestBcryptCost()));
        PasswordDigest digest = digests.of(basic.user(), basic.password(), hash);
        if (verified.knows(digest) && owner.isPresent()) {
            throttle.succeeded(caller.origin(), basic.user(), clock.instant());
            return CompletableFuture.completedFuture(known(owner.get()));
        }
        Attempt attempt = attempt(policy, basic.user(), caller);
        Duration delay = throttle.delay(attempt, clock.instant());
        if (delay.isPositive()) {
            return CompletableFuture.completedFuture(new Throttled(delay));
        }
        Check check = new Check(
                basic.password(),
                hash,
                policy.highestBcryptCost(),
                attempt.standing(),
                // Others may have been wrong while it waited: what came all at once is not let off.
                () -> throttle.delay(attempt, clock.instant()).isZero());
        return find(check, digest)
                .thenApply(finding -> outcome(finding, attempt, owner))
                .exceptionally(failure -> new Unavailable("a password check failed"));
    }

    private Attempt attempt(Policy policy, String login, Caller caller) {
        if (throttle.isFamiliar(caller.origin(), login, clock.instant())) {
            return new Attempt(caller.origin(), login, Standing.FAMILIAR);
        }
        Account account = policy.user(login).map(UserOwner::account).orElseGet(() -> pseudoAccounts.of(policy, login));
        return new Attempt(caller.origin(), login, caller.isListedBy(account) ? Standing.LISTED : Standing.OTHER);
    }

    private CompletableFuture<Finding> find(Check check, PasswordDigest digest) {
        Running key = new Running(digest, check.standing());
        CompletableFuture<Finding> mine = new CompletableFuture<>();
        CompletableFuture<Finding> others = running.putIfAbsent(key, mine);
        if (others != null) {
            return others;
        }
        return checks.check(check).whenComplete((finding, failure) -> {
            if (finding == Finding.MATCHES) {
                verified.remember(digest);
            }
            running.remove(key);
            if (failure == null) {
                mine.complete(finding);
            } else {
                mine.completeExceptionally(failure);
            }
        });
    }

    private Authentication outcome(Finding finding, Attempt attempt, Optional<UserOwner> owner) {
        Instant now = clock.instant();
        return switch (finding) {
            case MATCHES, DIFFERS -> {
                if (finding == Finding.MATCHES && owner.isPresent()) {
                    throttle.succeeded(attempt.origin(), attempt.login(), now);
                    yield known(owner.get());
                }
                throttle.failed(attempt, now);
                yield new Rejected();
            }
            case NOT_WANTED -> {
                Duration delay = throttle.delay(attempt, now);
                yield new Throttled(delay.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : delay);
            }
            case OVERLOADED -> new Unavailable("password checks are overloaded");
        };
    }

    private static Authentication known(UserOwner owner) {
        Subject subject = new Subject(
                Subject.Kind.USER, owner.account().name(), owner.user().name());
        return new Authenticated(new Identity.Known(subject, "password"));
    }
}
