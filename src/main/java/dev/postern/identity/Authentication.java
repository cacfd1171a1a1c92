package dev.postern.identity;

import java.time.Duration;
import java.util.Optional;

/** What became of a caller's credentials. */
public sealed interface Authentication {

    /** The caller is this identity. */
    record Authenticated(Identity identity) implements Authentication {}

    /** The credentials are wrong. Which part of them is for nobody to know. */
    record Rejected() implements Authentication {}

    /**
     * The caller showed a token that is not taken, or is of nobody here.
     *
     * @param issuer whose token it says to be, by the issuer's name in the settings; empty for none of them
     * @param subject what the issuer calls the caller, printable; empty where the token is not verified
     * @param why for the audit; nothing of the token
     */
    record RejectedToken(Optional<String> issuer, Optional<String> subject, String why) implements Authentication {}

    /** The caller shows no credentials where nothing goes without. */
    record Missing() implements Authentication {}

    /** The credentials were not looked at, because the source is unknown. */
    record NotAttempted() implements Authentication {}

    /**
     * The credentials were not looked at: too many were wrong that count together with these.
     *
     * @param retryAfter when they will be, if no more are
     */
    record Throttled(Duration retryAfter) implements Authentication {}

    /** The credentials cannot be judged just now. */
    record Unavailable(String why) implements Authentication {}
}
