package dev.postern.trial;

import java.util.Locale;

/** What becomes of a request: the third state is the caller whose address cannot be known. */
public enum Verdict {
    GRANTED,
    REFUSED,
    UNKNOWN;

    /** The word in case files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
