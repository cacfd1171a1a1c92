package dev.postern.decision;

import dev.postern.decision.Entitlements.PublicPull;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkSection;
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
        return follow(name, rules, NetworkVerdict.of(rules, source, now));
    }

    /**
     * The same for a pull from a public namespace, of what is bound to anonymous: the owner's allow list and default have
     * no say in it, its switches and its deny list have.
     *
     * @param callersRefused whether it passes although the rules on the caller's side refuse
     */
    Reason publicPull(PublicPull pull, boolean callersRefused) {
        String name = NetworkSection.nameOf(pull.owner());
        Optional<NetworkRules> network = pull.owner().network().filter(rules -> rules.enforcement() != Enforcement.OFF);
        boolean allowListRefuses = false;
        if (network.isPresent()) {
            NetworkRules rules = network.get();
            NetworkVerdict verdict = NetworkVerdict.of(rules, source, now);
            allowListRefuses = verdict.reason() == Reason.ADDRESS_NOT_LISTED;
            Reason reason = allowListRefuses ? Reason.GRANTED : follow(name, rules, verdict);
            if (reason != Reason.GRANTED) {
                return reason;
            }
        }
        if (allowListRefuses || callersRefused) {
            explanation.add(
                    name,
                    "public namespace " + pull.namespace() + ": what anonymous may pull, anybody may",
                    Outcome.PASSED,
                    Optional.of(pull.position()));
        }
        return Reason.GRANTED;
    }

    private Reason follow(String name, NetworkRules rules, NetworkVerdict verdict) {
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
