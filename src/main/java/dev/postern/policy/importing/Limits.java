package dev.postern.policy.importing;

/** What an input may have at most. */
final class Limits {

    /** Characters of all inputs together. */
    static final int MAX_CHARACTERS = 16 * 1024 * 1024;

    /** Values in values. */
    static final int MAX_DEPTH = 64;

    /** Values in one input. */
    static final int MAX_VALUES = 1_000_000;

    /** Characters of one text. */
    static final int MAX_TEXT = 64 * 1024;

    private Limits() {}
}
