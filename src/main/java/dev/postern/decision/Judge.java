package dev.postern.decision;

import dev.postern.decision.Explanation.Outcome;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.source.Source;
import java.time.Instant;
import java.util.Optional;

/** Holds one source against rulesets, and writes down what each of them found. */
final class Judge {

    private final Source source;
    private final Instant now;
    private final Explanation.Builder explanation = new Explanation.Builder();

    Judge(Source source, Instant now) {
        this.source = source;
        this.now = now;
    }

    /** Where the steps are written down. */
    Explanation.Builder explanation() {
        return explanation;
    }

    /** {@link Reason#GRANTED}, or why the ruleset refuses and enforces it. No rules admit every known source. */
    Reason ruleset(String name, Optional<NetworkRules> network) {
        if (network.isEmpty()) {
            return Reason.GRANTED;
        }
        NetworkRules rules = network.get();
        if (rules.enforcement() == Enforcement.OFF) {
            explanation.add(name, "enforcement is off", Outcome.PASSED, Optional.of(rules.position()));
            return Reason.GRANTED;
        }
        NetworkVerdict verdict = NetworkVerdict.of(rules, source, now);
        if (verdict.admits()) {
            explanation.add(name, verdict.finding(), Outcome.PASSED, verdict.position());
            return Reason.GRANTED;
        }
        boolean reportOnly = rules.enforcement() == Enforcement.REPORT;
        explanation.add(
                name, verdict.finding(), reportOnly ? Outcome.WOULD_REFUSE : Outcome.REFUSED, verdict.position());
        return reportOnly ? Reason.GRANTED : verdict.reason();
    }
}
