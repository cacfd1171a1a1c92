package dev.postern.identity;

import dev.postern.throttle.Standing;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Checks passwords against slow hashes, away from the threads that answer requests. */
public interface PasswordChecks {

    /** Makes the check when its turn comes. */
    CompletableFuture<Finding> check(Check check);

    /**
     * A password, and the hash that it may be of.
     *
     * @param password the secret
     * @param hash a bcrypt hash
     * @param costIfWrong the bcrypt cost whose work a wrong password takes, where that of the hash is less: how long it takes
     *     to be refused must not tell whose the hash is
     * @param standing whose turn comes first, and with whom the room to wait is shared
     * @param wanted asked when its turn has come: whether it is to be made at all
     */
    record Check(String password, String hash, int costIfWrong, Standing standing, BooleanSupplier wanted) {
        @Override
        public String toString() {
            return "Check[…]";
        }
    }

    /** What came of a check. */
    enum Finding {
        /** The password is the hash's. */
        MATCHES,
        /** It is not. */
        DIFFERS,
        /** It was not made, because it was no longer wanted. */
        NOT_WANTED,
        /** It was not made, because more were waiting than can be made in time. */
        OVERLOADED
    }
}
