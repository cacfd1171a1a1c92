package dev.postern.token;

/** A key cannot be had: the message says which file, what is wrong with it, and what to do. */
public final class KeyFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    /** A fault with this message, which holds nothing of the key. */
    public KeyFault(String why) {
        super(why);
        this.why = why;
    }

    /** What is wrong, and what to do. */
    public String why() {
        return why;
    }
}
