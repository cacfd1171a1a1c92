package dev.postern.identity;

import java.time.Duration;

/** What became of a caller's credentials. */
public sealed interface Authentication {

    /** The caller is this identity. */
    record Authenticated(Identity identity) implements Authentication {}

    /** The credentials are wrong. Which part of them is for nobody to know. */
    record Rejected() implements Authentication {}

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
