package dev.postern.decision;

import dev.postern.identity.Identity;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The gate's answer: a partition of what was asked, or a refusal. Sealed: there is no third. */
public sealed interface Decision {

    /** Why. */
    Reason reason();

    /** What was consulted. */
    Explanation explanation();

    /**
     * A token may be issued.
     *
     * @param identity to whom
     * @param grants what was granted of each scope, in the order asked
     * @param wouldBe the refusal that there would be, of the request or of a part of it, were everything enforced that is
     *     in report mode
     */
    record Granted(Identity identity, List<Grant> grants, Explanation explanation, Optional<WouldBe> wouldBe)
            implements Decision {
        /** Keeps its own copy. */
        public Granted {
            grants = List.copyOf(grants);
        }

        @Override
        public Reason reason() {
            boolean nothing = !grants.isEmpty()
                    && grants.stream().allMatch(grant -> grant.actions().isEmpty());
            return nothing ? Reason.NOT_PERMITTED : Reason.GRANTED;
        }
    }

    /**
     * A refusal that is not enforced.
     *
     * @param message what the caller may know
     */
    record WouldBe(Reason reason, String message) {}

    /**
     * What was granted of one scope.
     *
     * @param scope what was asked
     * @param actions those of its actions that were granted
     * @param reason why the others were not
     */
    record Grant(Scope scope, SortedSet<String> actions, Reason reason) {
        /** Keeps its own sorted copy. */
        public Grant {
            actions = Collections.unmodifiableSortedSet(new TreeSet<>(actions));
        }
    }

    /**
     * No token.
     *
     * @param message what the caller may know
     */
    record Refused(Reason reason, String message, Explanation explanation) implements Decision {}
}
