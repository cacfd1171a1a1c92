package dev.postern.door;

import dev.postern.decision.Reason;
import dev.postern.source.Source;
import java.util.List;
import java.util.Optional;

/** What becomes of a request on its way to a registry. */
public sealed interface Passage {

    /** What is known of it, for logs. */
    Facts facts();

    /**
     * What is known of a request.
     *
     * @param decision the decision's id; none of a request that could not be read, on which nothing was decided
     * @param subject who it is, where that was asked and is known: {@code user:acme/alice}, {@code anonymous}
     */
    record Facts(Optional<String> decision, Reason reason, Optional<String> subject, Source source) {}

    /**
     * It goes on.
     *
     * @param warning that it would be refused, were everything enforced
     */
    record Allowed(Facts facts, Optional<String> warning) implements Passage {}

    /**
     * It does not, and this is the answer.
     *
     * @param body JSON
     */
    record Stopped(Facts facts, int status, List<Header> headers, String body) implements Passage {
        /** Keeps its own copy. */
        public Stopped {
            headers = List.copyOf(headers);
        }
    }

    /** A header line. */
    record Header(String name, String value) {}
}
