package dev.postern.timing;

import java.util.Locale;

/** A part of the way to a decision, in the order of the way. */
public enum Step {
    /** The request is read, and where it comes from is found. */
    SOURCE,
    /** Who it is is found: what waits for a password check or for an issuer waits here. */
    CREDENTIAL,
    /** The gate decides. */
    GATE,
    /** A token is signed, or one that was is found. */
    SIGNING;

    /** The name in metrics and traces. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
