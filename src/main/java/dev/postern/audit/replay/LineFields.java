package dev.postern.audit.replay;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;

/** What of a line a decision depends on, by the names of fields: the same for each way to read one. */
final class LineFields {

    /** Fields of which all counts. */
    static final Set<String> DECIDING = Set.of(
            "door",
            "outcome",
            "reason",
            "subject",
            "credential",
            "issuer",
            "presented",
            "addresses",
            "subjects",
            "scopes",
            "passage",
            "rule");

    /** The field of which all counts but {@link #EVIDENCE}. */
    static final String SOURCE = "source";

    /** Within the source: how it was found out does not matter. */
    static final String EVIDENCE = "evidence";

    /** The field of which {@link #turn} counts. */
    static final String TIME = "time";

    private LineFields() {}

    /**
     * Between which two turns a time is: another number for each turn, and each time between.
     *
     * @param turns the instants at which a rule begins or ends, in order
     * @throws DateTimeException if the text is no instant
     */
    static int turn(Instant[] turns, String time) {
        int at = Arrays.binarySearch(turns, Instant.parse(time));
        return at < 0 ? -at - 1 : at + 1;
    }
}
