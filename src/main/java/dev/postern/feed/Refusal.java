package dev.postern.feed;

/** Ends the reading of a file. Seen within the package alone: outside, a refusal is a value. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    Refusal(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    String why() {
        return why;
    }
}
