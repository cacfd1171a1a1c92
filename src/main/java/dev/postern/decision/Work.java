package dev.postern.decision;

/** How much may be looked at: hostile lists must not make checking them take forever. */
final class Work {

    private long left;

    Work(long steps) {
        this.left = steps;
    }

    void spend(long steps) {
        left -= steps;
    }

    /** Whether there is none left: what was found so far is not the whole. */
    boolean isExhausted() {
        return left < 0;
    }
}
