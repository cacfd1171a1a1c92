package dev.postern.decision;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who says what a caller may do with what it asks for. Where it may come from, the network rules say, whatever the warrant. */
public sealed interface Warrant {

    /** The policy's bindings. */
    record Bindings() implements Warrant {}

    /**
     * A registry token, which was verified.
     *
     * @param access what it allows
     * @param boundTo the source for which alone it is good, as {@link SourceBinding} writes it
     */
    record Token(List<Scope> access, Optional<String> boundTo) implements Warrant {
        private static final String EVERY_ACTION = "*";

        /** Keeps its own copy. */
        public Token {
            access = List.copyOf(access);
        }

        /** What it allows of the scope. */
        Set<String> actions(Scope scope) {
            Set<String> actions = new TreeSet<>();
            for (Scope allowed : access) {
                if (allowed.type().equals(scope.type()) && allowed.name().equals(scope.name())) {
                    actions.addAll(allowed.actions().contains(EVERY_ACTION) ? scope.actions() : allowed.actions());
                }
            }
            actions.retainAll(scope.actions());
            return actions;
        }
    }

    /** Nobody need say it: where a request comes from is all that counts. */
    record Source() implements Warrant {}
}
