package dev.postern.identity;

import java.util.concurrent.CompletableFuture;

/** Checks passwords against slow hashes, away from the threads that answer requests. */
public interface PasswordChecks {

    /**
     * Whether the password is the hash's.
     *
     * @param password the secret
     * @param hash a bcrypt hash
     * @return the answer, or {@link Overloaded} as the failure
     */
    CompletableFuture<Boolean> matches(String password, String hash);

    /** More checks are waiting than can be made in time. */
    final class Overloaded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Without a stack trace: this is an answer, not an accident. */
        public Overloaded() {
            super("too many password checks are waiting", null, false, false);
        }
    }
}
