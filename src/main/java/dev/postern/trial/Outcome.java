package dev.postern.trial;

import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation.Step;
import dev.postern.decision.Reason;
import dev.postern.source.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would be decided.
 *
 * @param request what the gate was asked
 * @param decision what it decided
 */
public record Outcome(AccessRequest request, Decision decision) {

    /** The decision in a word. */
    public Verdict verdict() {
        return decision instanceof Decision.Granted
                ? Verdict.GRANTED
                : decision.reason() == Reason.SOURCE_UNKNOWN ? Verdict.UNKNOWN : Verdict.REFUSED;
    }

    /** The actions granted, by scope; a scope that is granted nothing is left out. */
    public Map<String, List<String>> granted() {
        Map<String, List<String>> granted = new LinkedHashMap<>();
        if (decision instanceof Decision.Granted grants) {
            for (Decision.Grant grant : grants.grants()) {
                if (!grant.actions().isEmpty()) {
                    granted.put(grant.scope().toString(), List.copyOf(grant.actions()));
                }
            }
        }
        return granted;
    }

    /** What the caller would read; empty for a grant. */
    public Optional<String> message() {
        return decision instanceof Decision.Refused refused ? Optional.of(refused.message()) : Optional.empty();
    }

    /** The last ruleset that a place in the policy decided, a colon, and what was found. */
    public Optional<String> finding() {
        return decision.explanation().steps().stream()
                .filter(step -> step.position().isPresent())
                .reduce((earlier, later) -> later)
                .map(step -> step.ruleset() + ": " + step.finding());
    }

    /** {@code public ADDRESS}, {@code private ADDRESS by ENDPOINT} or {@code unknown WHY}. */
    public String sourceWords() {
        return switch (request.source()) {
            case Source.PublicSource known -> "public " + known.address();
            case Source.PrivateSource known ->
                "private "
                        + known.observed()
                                .or(known::originator)
                                .map(address -> address + " ")
                                .orElse("")
                        + "by " + known.endpoint();
            case Source.UnknownSource unknown -> "unknown " + unknown.why().wireName();
        };
    }

    /** The decision, what the caller would read, the source with its evidence, and each step in order. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(verdict().word() + ": " + decision.reason().wireName());
        message().ifPresent(message -> lines.add("the caller reads: " + message));
        lines.add("source: " + request.source().text());
        for (Step step : decision.explanation().steps()) {
            lines.add(step.text());
        }
        return String.join("\n", lines);
    }
}
