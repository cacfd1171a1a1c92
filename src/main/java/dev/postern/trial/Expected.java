package dev.postern.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must come of a trial. What is empty is not looked at.
 *
 * @param verdict the decision
 * @param reason the wire name of the reason
 * @param granted the actions granted, by scope; a scope that is not named here must be granted nothing
 * @param message what the caller reads
 * @param finding the deciding ruleset, a colon, and what was found
 * @param source where the request comes from, in the words of {@link Outcome#sourceWords()}
 */
public record Expected(
        Verdict verdict,
        Optional<String> reason,
        Optional<Map<String, List<String>>> granted,
        Optional<String> message,
        Optional<String> finding,
        Optional<String> source) {

    /** Keeps its own copy. */
    public Expected {
        granted = granted.map(Map::copyOf);
    }

    /** How the outcome differs, a line each; none where it is as expected. */
    public List<String> differences(Outcome outcome) {
        List<String> differences = new ArrayList<>();
        compare("decision", Optional.of(verdict.word()), outcome.verdict().word(), differences);
        compare("reason", reason, outcome.decision().reason().wireName(), differences);
        granted.ifPresent(wanted -> {
            if (!wanted.equals(outcome.granted())) {
                differences.add("granted: expected " + wanted + ", was " + outcome.granted());
            }
        });
        compare("message", message, outcome.message().orElse(""), differences);
        compare("finding", finding, outcome.finding().orElse(""), differences);
        compare("source", source, outcome.sourceWords(), differences);
        return differences;
    }

    private static void compare(String what, Optional<String> wanted, String was, List<String> differences) {
        if (wanted.isPresent() && !wanted.get().equals(was)) {
            differences.add(what + ": expected '" + wanted.get() + "', was '" + was + "'");
        }
    }
}
