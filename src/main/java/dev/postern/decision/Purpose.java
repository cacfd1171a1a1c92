package dev.postern.decision;

import java.util.Optional;

/** What becomes of a request that is granted. */
public sealed interface Purpose {

    /** A token, which holds what is granted of each scope. */
    record Token() implements Purpose {}

    /**
     * The request itself goes on to the registry: all that it needs is granted, or it is refused.
     *
     * @param warrant who says what the caller may do
     * @param account whose rules must admit the source besides, whatever is asked for, and whose all is that no namespace is
     */
    record Passage(Warrant warrant, Optional<String> account) implements Purpose {}
}
