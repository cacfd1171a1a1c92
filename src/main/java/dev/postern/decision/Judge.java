package dev.postern.decision;

import dev.postern.decision.Entitlements.PublicPull;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Holds one caller against rulesets, and writes down what each of them found. */
final class Judge {

    private static final List<Subject> NOBODY = List.of(Subject.ANONYMOUS);

    private final Source source;
    private final Collection<Subject> names;
    private final Instant now;
    private final Trial trial;
    private final Explanation.Builder explanation = new Explanation.Builder();
    private Reason refusal = Reason.GRANTED;
    private boolean wouldRefuse;

    /**
     * A judge of one request.
     *
     * @param source where it comes from
     * @param names who asks, by every name that rules may call it; anonymous, where nobody is known
     * @param trial what becomes of what is in report mode
     */
    Judge(Source source, Collection<Subject> names, Instant now, Trial trial) {
        this.source = source;
        this.names = names;
        this.now = now;
        this.trial = trial;
    }

    /** Where the steps are written down. */
    Explanation.Builder explanation() {
        return explanation;
    }

    /** Why a ruleset has refused, the last that has; {@link Reason#GRANTED} where none has. */
    Reason refusal() {
        return refusal;
    }

    /** Whether something would have refused, were it enforced. */
    boolean wouldRefuse() {
        return wouldRefuse;
    }

    /** A judge of the same request, were it of nobody in particular. What it finds is written down nowhere. */
    Judge ofNobody() {
        return new Judge(source, NOBODY, now, trial);
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
        return follow(name, rules, NetworkVerdict.of(rules, source, now, trial), names);
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
            NetworkVerdict verdict = NetworkVerdict.of(rules, source, now, trial);
            allowListRefuses = verdict.reason() == Reason.ADDRESS_NOT_LISTED;
            if (allowListRefuses) {
                noteTrialDenial(name, rules);
            } else if (follow(name, rules, verdict, callersRefused ? NOBODY : names) != Reason.GRANTED) {
                return verdict.reason();
            }
        }
        if (allowListRefuses || callersRefused) {
            explanation.add(
                    name,
                    Explanation.PUBLIC_NAMESPACE + pull.namespace() + ": what anonymous may pull, anybody may",
                    Outcome.PASSED,
                    Optional.of(pull.position()));
        }
        return Reason.GRANTED;
    }

    /** What follows for who asks: one whose own side refuses it is nobody in particular, and no trusted service. */
    private Reason follow(String name, NetworkRules rules, NetworkVerdict verdict, Collection<Subject> names) {
        if (verdict.admits()) {
            explanation.add(name, verdict.finding(), Outcome.PASSED, verdict.position());
            noteTrialDenial(name, rules);
            return Reason.GRANTED;
        }
        Optional<Subject> service = trusted(rules, names);
        if (service.isPresent()) {
            String finding = "trusted service " + service.get() + ", let in past this: " + verdict.finding();
            explanation.add(
                    name,
                    finding,
                    Outcome.TRUSTED,
                    Optional.ofNullable(rules.trustedServices().get(service.get())));
            return Reason.GRANTED;
        }
        if (trial == Trial.AS_WRITTEN && verdict.reason() == Reason.ADDRESS_NOT_LISTED) {
            NetworkVerdict.trialAdmission(rules, source, now)
                    .ifPresent(rule -> explanation.add(
                            name,
                            "would be allowed by " + rule.text(),
                            Outcome.WOULD_PASS,
                            Optional.of(rule.position())));
        }
        if (trial == Trial.AS_WRITTEN && rules.enforcement() == Enforcement.REPORT) {
            explanation.add(name, verdict.finding(), Outcome.WOULD_REFUSE, verdict.position());
            wouldRefuse = true;
            return Reason.GRANTED;
        }
        explanation.add(name, verdict.finding(), Outcome.REFUSED, verdict.position());
        refusal = verdict.reason();
        return refusal;
    }

    private static Optional<Subject> trusted(NetworkRules rules, Collection<Subject> names) {
        return rules.trustedServices().isEmpty()
                ? Optional.empty()
                : names.stream().filter(rules.trustedServices()::containsKey).findFirst();
    }

    private void noteTrialDenial(String name, NetworkRules rules) {
        if (trial != Trial.AS_WRITTEN || trusted(rules, names).isPresent()) {
            return;
        }
        NetworkVerdict.trialDenial(rules, source, now).ifPresent(rule -> {
            explanation.add(
                    name, "would be denied by " + rule.text(), Outcome.WOULD_REFUSE, Optional.of(rule.position()));
            wouldRefuse = true;
        });
    }
}
