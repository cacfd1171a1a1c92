package dev.postern.identity;

import dev.postern.policy.Subject;

/** Who is calling. Sealed: every place that judges identities must face a new kind of one. */
public sealed interface Identity {

    /** The subject that bindings and tokens name. */
    Subject subject();

    /** A caller without credentials. */
    record Anonymous() implements Identity {
        @Override
        public Subject subject() {
            return Subject.ANONYMOUS;
        }
    }

    /**
     * A user or service id of an account.
     *
     * @param subject its account and name
     * @param credential what it was known by, for the audit: {@code password}, {@code api-key:k1}; never the credential
     */
    record Known(Subject subject, String credential) implements Identity {}
}
