package dev.postern.setup;

/** The configuration is at fault: Postern does not start. The message says what is wrong, where, and what to do. */
public final class StartFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;

    /** A fault with this message, which holds no secret. Without a stack trace: nobody needs to read code for it. */
    public StartFault(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    /** What is wrong, where, and what to do. */
    public String why() {
        return why;
    }
}
