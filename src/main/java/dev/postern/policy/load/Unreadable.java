package dev.postern.policy.load;

/** A policy's documents cannot be read; the message says which and why. */
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    /** With this message. */
    public Unreadable(String why) {
        super(why);
        this.why = why;
    }

    /** Which, and why. */
    public String why() {
        return why;
    }
}
