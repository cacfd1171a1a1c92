package dev.postern.testing;

import dev.postern.identity.Authenticator;
import dev.postern.identity.Caller;
import dev.postern.identity.OutsideIdentities;
import dev.postern.identity.PasswordChecks;
import dev.postern.identity.PasswordDigest;
import dev.postern.identity.RefreshLogin;
import dev.postern.identity.VerifiedPasswords;
import dev.postern.policy.Account;
import dev.postern.throttle.Limits;
import dev.postern.throttle.Origin;
import dev.postern.throttle.Throttle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Authenticators for tests that are not about how often somebody may be wrong. */
public final class Authenticators {

    /** A caller from somewhere, whom every account expects. */
    public static final Caller ANYBODY = new Caller() {
        @Override
        public Origin origin() {
            return new Origin("somewhere");
        }

        @Override
        public boolean isListedBy(Account account) {
            return true;
        }
    };

    private Authenticators() {}

    /** One that lets everybody be wrong as often as they like, and remembers nothing. */
    public static Authenticator patient(PasswordChecks checks) {
        return patient(checks, OutsideIdentities.NONE);
    }

    /** The same, where others know identities, too. */
    public static Authenticator patient(PasswordChecks checks, OutsideIdentities others) {
        return new Authenticator(
                checks,
                new Forgetful(),
                new Throttle(new Limits(Duration.ofSeconds(1), 1_000_000, 1_000_000), new byte[32]),
                InstantSource.system(),
                RefreshLogin.OFF,
                others);
    }

    /** Remembers for ever. */
    public static final class Remembering implements VerifiedPasswords {
        private final Set<PasswordDigest> digests = ConcurrentHashMap.newKeySet();

        @Override
        public boolean knows(PasswordDigest digest) {
            return digests.contains(digest);
        }

        @Override
        public void remember(PasswordDigest digest) {
            digests.add(digest);
        }

        /** How many there are. */
        public int size() {
            return digests.size();
        }

        /** As if all their time were over. */
        public void forget() {
            digests.clear();
        }
    }

    private static final class Forgetful implements VerifiedPasswords {
        @Override
        public boolean knows(PasswordDigest digest) {
            return false;
        }

        @Override
        public void remember(PasswordDigest digest) {
            // Not this one.
        }
    }
}
