package dev.postern.audit;

import dev.postern.decision.Explanation;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.decision.Explanation.Step;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is read back of an audit event.
 *
 * @param door which door, or {@code trial} for an event that nobody caused
 * @param refused whether the request was refused
 * @param wouldRefuse whether it would have been, were everything in report mode enforced
 * @param source where it came from, without the evidence
 * @param subject who it was, where that was known
 * @param steps what was consulted, without positions
 * @param isReduced whether its addresses or names are not those that there were
 */
public record AuditRecord(
        Instant time,
        String door,
        boolean refused,
        boolean wouldRefuse,
        Source source,
        Optional<Subject> subject,
        List<Step> steps,
        boolean isReduced) {

    /** Keeps its own copy. */
    public AuditRecord {
        steps = List.copyOf(steps);
    }

    /**
     * The rulesets on trial that an allow rule would have reconciled with this request: those that would have refused it for want of
     * one, and those with a rule on trial that would have admitted it.
     */
    public List<String> missed() {
        return steps.stream()
                .filter(step -> step.outcome() == Outcome.WOULD_PASS
                        || wouldRefuse && step.outcome() == Outcome.WOULD_REFUSE && isForWantOfARule(step))
                .map(Step::ruleset)
                .distinct()
                .toList();
    }

    /**
     * The rulesets that let this request in by its address, now or once they list it: not those that let in a trusted service,
     * or anybody to a public namespace, and not those that no allow rule reconciles with it.
     */
    public List<String> admitting() {
        Set<String> rulesets = new LinkedHashSet<>();
        steps.forEach(step -> rulesets.add(step.ruleset()));
        steps.stream().filter(AuditRecord::isNotByAddress).map(Step::ruleset).forEach(rulesets::remove);
        if (!refused && subject.isPresent() && !subject.get().account().isEmpty()) {
            // An account without rules is not among the steps.
            String own = NetworkSection.nameOf(subject.get().account());
            if (steps.stream().noneMatch(step -> step.ruleset().equals(own))) {
                rulesets.add(own);
            }
        }
        return refused ? missed() : List.copyOf(rulesets);
    }

    private static boolean isNotByAddress(Step step) {
        return switch (step.outcome()) {
            case TRUSTED, REFUSED -> true;
            case WOULD_REFUSE -> !isForWantOfARule(step);
            case PASSED -> step.finding().startsWith(Explanation.PUBLIC_NAMESPACE);
            case WOULD_PASS, DENIED, GRANTED -> false;
        };
    }

    /** Whether something would have refused this request, or has, that no allow rule changes. */
    public boolean isRefusedWhateverIsAllowed() {
        return steps.stream()
                .anyMatch(step ->
                        (step.outcome() == Outcome.REFUSED || wouldRefuse && step.outcome() == Outcome.WOULD_REFUSE)
                                && !isForWantOfARule(step));
    }

    private static boolean isForWantOfARule(Step step) {
        return step.finding().equals(Explanation.NOT_LISTED);
    }
}
