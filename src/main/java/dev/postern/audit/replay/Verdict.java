package dev.postern.audit.replay;

/** What became of one event. */
sealed interface Verdict {

    /** It would be decided as it was. */
    record Same() implements Verdict {}

    /** It would be decided otherwise. */
    record Otherwise(Change change) implements Verdict {}

    /** It cannot be decided again. */
    record LeftOut(String why) implements Verdict {}

    /** It is no audit event. */
    record Bad() implements Verdict {}
}
