package dev.postern.decision;

import dev.postern.address.Address;
import dev.postern.address.AddressSet.Run;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.decision.Explanation.Step;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Invariant;
import dev.postern.policy.Invariant.Kind;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import dev.postern.policy.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An invariant, and what decides whether it holds.
 *
 * @param section where it stands
 * @param invariant what it says
 * @param scope what is asked for; empty for the rules alone
 * @param rulesets the sections that have a say in it
 * @param parts its sources, and what those sections have to do with them
 * @param gateCost what one question to the gate costs
 */
record Claim(
        NetworkSection section,
        Invariant invariant,
        Optional<Scope> scope,
        List<NetworkSection> rulesets,
        List<Part> parts,
        long gateCost) {

    /**
     * Sources that differ in their address alone.
     *
     * @param rulesets what each of the sections has to do with them
     */
    record Part(Probe probe, List<Layout.On> rulesets) {}

    /** What became of looking at it. */
    sealed interface Finding {}

    /** It holds. */
    record Holds() implements Finding {}

    /** It does not, and this source shows it. */
    record Broken(Probe probe, Address address) implements Finding {}

    /** That would take too long to find out. */
    record TooMuch() implements Finding {}

    /** The instants after this one at which the answer may change; finding their rules has been paid for already. */
    TreeSet<Instant> changesAfter(Instant now) {
        TreeSet<Instant> changes = new TreeSet<>();
        parts.stream()
                .flatMap(part -> part.rulesets().stream())
                .flatMap(Layout.On::changes)
                .filter(now::isBefore)
                .forEach(changes::add);
        return changes;
    }

    /** Looks at all of its sources, at this instant. */
    Finding check(Policy policy, Gate gate, Instant now, Work work) {
        for (Part part : parts) {
            Finding finding = scope.isPresent()
                    ? checkGate(part, policy, gate, scope.get(), now, work)
                    : checkRules(part, now, work);
            if (!(finding instanceof Holds)) {
                return finding;
            }
        }
        return parts.isEmpty() && invariant.kind() == Kind.MUST_ADMIT
                ? new Broken(Probe.NOBODY, Probe.NO_ADDRESS.first())
                : new Holds();
    }

    private Finding checkRules(Part part, Instant now, Work work) {
        Line admitted = Line.allOf(part.rulesets().stream()
                .map(on -> on.admitting(invariant.identity(), now, work))
                .toList());
        Line holding = invariant.kind() == Kind.MUST_ADMIT ? admitted : admitted.not();
        return walk(part.probe(), holding, 1, work);
    }

    private Finding checkGate(Part part, Policy policy, Gate gate, Scope asked, Instant now, Work work) {
        List<Line> edges =
                part.rulesets().stream().flatMap(on -> on.edges(now, work)).toList();
        Line holding = address -> new Run(
                holds(decision(policy, gate, asked, part.probe(), address, now)), Line.unchangedTo(edges, address));
        return walk(part.probe(), holding, gateCost, work);
    }

    private static Finding walk(Probe probe, Line holding, long cost, Work work) {
        Optional<Address> at = Optional.of(probe.range().first());
        while (at.isPresent()) {
            work.spend(cost);
            if (work.isExhausted()) {
                return new TooMuch();
            }
            Run run = holding.at(at.get());
            if (!run.inside()) {
                return new Broken(probe, at.get());
            }
            at = run.last().compareTo(probe.range().last()) < 0 ? run.last().next() : Optional.empty();
        }
        return new Holds();
    }

    private Decision decision(Policy policy, Gate gate, Scope asked, Probe probe, Address address, Instant now) {
        Identity identity = identity(invariant);
        AccessRequest request =
                new AccessRequest(probe.source(address), new Authentication.Authenticated(identity), List.of(asked));
        return gate.decide(policy, request, now, trial());
    }

    private boolean holds(Decision decision) {
        if (!(decision instanceof Decision.Granted granted)) {
            return invariant.kind() == Kind.MUST_REFUSE;
        }
        return granted.grants().stream().allMatch(grant -> switch (invariant.kind()) {
            case MUST_ADMIT -> grant.actions().containsAll(grant.scope().actions());
            case MUST_REFUSE -> grant.actions().isEmpty();
        });
    }

    /** Who asks. */
    static Identity identity(Invariant invariant) {
        return invariant
                .identity()
                .filter(subject -> subject.kind() != Subject.Kind.ANONYMOUS)
                .<Identity>map(subject -> new Identity.Known(subject, "invariant"))
                .orElseGet(Identity.Anonymous::new);
    }

    /** Whatever of what is in report mode is enforced one day, the invariant is to hold. */
    static Trial trial(Invariant invariant) {
        return switch (invariant.kind()) {
            case MUST_ADMIT -> Trial.REFUSALS_ENFORCED;
            case MUST_REFUSE -> Trial.ADMISSIONS_ENFORCED;
        };
    }

    private Trial trial() {
        return trial(invariant);
    }

    /** Which source breaks it, and by which rule. */
    String why(Policy policy, Gate gate, Broken broken, Instant now) {
        if (broken.probe() == Probe.NOBODY) {
            return ": nobody can come so, by the private endpoints of the settings and the zones of the policy";
        }
        boolean oneAddress = invariant.of() instanceof Rule.AddressMatcher addresses
                && addresses.range().first().equals(addresses.range().last());
        String who = oneAddress ? "" : " (for " + broken.probe().text(broken.address()) + ")";
        return who + ": "
                + (scope.isPresent()
                        ? gatesWord(decision(policy, gate, scope.get(), broken.probe(), broken.address(), now))
                        : rulesWord(broken, now));
    }

    private String rulesWord(Broken broken, Instant now) {
        Judge judge = new Judge(
                broken.probe().source(broken.address()),
                List.of(invariant.identity().orElse(Subject.ANONYMOUS)),
                now,
                trial());
        for (NetworkSection ruleset : rulesets) {
            judge.ruleset(ruleset.ruleset(), Optional.of(ruleset.rules()));
        }
        List<Step> steps = judge.explanation().build().steps();
        return invariant.kind() == Kind.MUST_ADMIT
                ? text(first(steps, Outcome.REFUSED).orElseThrow())
                : text(steps.getLast());
    }

    private String gatesWord(Decision decision) {
        List<Step> steps = decision.explanation().steps();
        if (invariant.kind() == Kind.MUST_ADMIT) {
            return first(steps, Outcome.REFUSED)
                    .or(() -> first(steps, Outcome.DENIED))
                    .map(this::text)
                    .orElse("no binding gives all that is asked for");
        }
        String granted = first(steps, Outcome.GRANTED).map(Step::finding).orElse("");
        return "granted " + granted
                + steps.stream()
                        .filter(step -> step.position().isPresent() && step.outcome() != Outcome.DENIED)
                        .reduce((earlier, later) -> later)
                        .map(step -> ", " + text(step))
                        .orElse("");
    }

    private static Optional<Step> first(List<Step> steps, Outcome outcome) {
        return steps.stream().filter(step -> step.outcome() == outcome).findFirst();
    }

    private String text(Step step) {
        String ruleset = step.ruleset().equals(section.ruleset()) ? "" : step.ruleset() + ": ";
        return ruleset
                + step.finding()
                + step.position().map(position -> " (" + position + ")").orElse("");
    }
}
