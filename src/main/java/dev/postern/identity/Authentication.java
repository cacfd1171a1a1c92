package dev.postern.identity;

/** What became of a caller's credentials. */
public sealed interface Authentication {

    /** The caller is this identity. */
    record Authenticated(Identity identity) implements Authentication {}

    /** The credentials are wrong. Which part of them is for nobody to know. */
    record Rejected() implements Authentication {}

    /** The credentials were not looked at, because the source is unknown. */
    record NotAttempted() implements Authentication {}

    /** The credentials cannot be judged just now. */
    record Unavailable(String why) implements Authentication {}
}
