package dev.postern.feed;

/** What became of asking a publisher. Its {@link #wireName()} is that in metrics, in the readiness answer and in commands. */
public enum FeedOutcome {
    /** Nobody has been asked yet. */
    NEVER_ASKED("never-asked"),
    /** The publisher said something new, and that is in force. */
    TAKEN("taken"),
    /** The publisher said the same as before. */
    CONFIRMED("confirmed"),
    /** The publisher said something that a person should look at first; what was in force stays. */
    HELD_BACK("held-back"),
    /** What the publisher said is not a file of that form; what was in force stays. */
    REFUSED("refused"),
    /** The publisher could not be asked, or gave no answer; what was in force stays. */
    UNREACHABLE("unreachable");

    private final String wireName;

    FeedOutcome(String wireName) {
        this.wireName = wireName;
    }

    /** Lower case, with hyphens. */
    public String wireName() {
        return wireName;
    }
}
