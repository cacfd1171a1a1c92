package dev.postern.decision;

/** What becomes of rules and sections in report mode. */
enum Trial {
    /** What the policy says: they decide nothing. */
    AS_WRITTEN,
    /**
     * The least that may pass: sections are enforced, and so are the rules on trial that refuse; those that admit are
     * not.
     */
    REFUSALS_ENFORCED,
    /** The most that may pass once sections are enforced: the rules on trial that admit do, those that refuse do not. */
    ADMISSIONS_ENFORCED
}
