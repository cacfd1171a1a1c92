package dev.postern.decision;

import dev.postern.policy.Account;
import dev.postern.policy.Invariant;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import dev.postern.policy.Problem.Severity;
import dev.postern.policy.Subject;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds a policy to the {@code must-admit} and {@code must-refuse} of its network sections, now and at each instant at
 * which a rule that matters begins or ends.
 *
 * <p>Blocks are checked whole: they are walked from one change of the rules to the next, and not sampled. What is in report
 * mode counts as the worst it can become: sections as enforced; of single rules those that break the invariant, and not
 * those that would mend it. The work is bounded: what takes longer is not taken.
 */
public final class Invariants {

    /** More than this of a kind are not told: one cause has many effects. */
    private static final int MAX_TOLD = 100;

    private static final long STEPS_NOW = 1_000_000;
    private static final long STEPS_LATER = 1_000_000;

    private final Gate gate;
    private final Probes probes;

    /**
     * A check by this gate.
     *
     * @param gate what decides
     * @param endpoints the private endpoints by which callers may come
     */
    public Invariants(Gate gate, List<PrivateEndpoint> endpoints) {
        this.gate = gate;
        this.probes = new Probes(endpoints);
    }

    /** What is broken, as errors; and what will be, as warnings. */
    public List<Problem> check(Policy policy, Instant now) {
        List<NetworkSection> claiming = NetworkSection.of(policy)
                .filter(section -> !section.rules().invariants().isEmpty())
                .toList();
        return claiming.isEmpty() ? List.of() : new Check(policy, now).run(claiming);
    }

    /** One check of one policy. */
    private final class Check {
        private final Policy policy;
        private final Instant now;
        private final Map<String, NetworkSection> sections;
        private final Map<String, Layout> layouts = new HashMap<>();
        private final Work workNow = new Work(STEPS_NOW);
        private final Work workLater = new Work(STEPS_LATER);
        private final List<Problem> problems = new ArrayList<>();
        private int errors;
        private int warnings;
        private Optional<Invariant> notLookedAhead = Optional.empty();
        private int moreNotLookedAhead;

        Check(Policy policy, Instant now) {
            this.policy = policy;
            this.now = now;
            this.sections =
                    NetworkSection.of(policy).collect(Collectors.toMap(NetworkSection::ruleset, Function.identity()));
        }

        List<Problem> run(List<NetworkSection> claiming) {
            for (NetworkSection section : claiming) {
                List<Invariant> invariants = section.rules().invariants();
                if (section.rules().enforcement() == Enforcement.OFF) {
                    add(Severity.WARNING, invariants.getFirst(), "is not checked: the rules of its section are off");
                    continue;
                }
                for (Invariant invariant : invariants) {
                    // Past these the policy is not taken anyway.
                    if (errors < MAX_TOLD && !workNow.isExhausted()) {
                        scope(invariant).ifPresent(scope -> check(claim(section, invariant, scope)));
                    }
                }
            }
            notLookedAhead.ifPresent(first -> add(
                    Severity.WARNING,
                    first,
                    (moreNotLookedAhead == 0 ? "" : "and " + moreNotLookedAhead + " more ")
                            + "not checked for later: too much changes until then"));
            return problems;
        }

        private void check(Claim claim) {
            Invariant invariant = claim.invariant();
            switch (claim.check(policy, gate, now, workNow)) {
                case Claim.Broken broken ->
                    add(Severity.ERROR, invariant, "is broken" + claim.why(policy, gate, broken, now));
                case Claim.TooMuch tooMuch ->
                    add(
                            Severity.ERROR,
                            invariant,
                            "takes too long to check: too many rules lie in too many blocks that are named so;"
                                    + " write fewer or smaller ones");
                case Claim.Holds holds -> lookAhead(claim);
            }
        }

        private void lookAhead(Claim claim) {
            if (warnings >= MAX_TOLD) {
                notLookedAhead(claim.invariant());
                return;
            }
            for (Instant change : claim.changesAfter(now)) {
                switch (claim.check(policy, gate, change, workLater)) {
                    case Claim.Broken broken -> {
                        add(
                                Severity.WARNING,
                                claim.invariant(),
                                "will be broken from " + change + claim.why(policy, gate, broken, change));
                        return;
                    }
                    case Claim.TooMuch tooMuch -> {
                        notLookedAhead(claim.invariant());
                        return;
                    }
                    case Claim.Holds holds -> {}
                }
            }
        }

        private void notLookedAhead(Invariant invariant) {
            if (notLookedAhead.isEmpty()) {
                notLookedAhead = Optional.of(invariant);
            } else {
                moreNotLookedAhead++;
            }
        }

        private void add(Severity severity, Invariant invariant, String what) {
            add(severity, invariant.position(), invariant.text() + " " + what);
        }

        private void add(Severity severity, Position position, String message) {
            problems.add(new Problem(severity, position, message));
            errors += severity == Severity.ERROR ? 1 : 0;
            warnings += severity == Severity.WARNING ? 1 : 0;
        }

        /** The scope, as the gate reads it; empty outside where it cannot, and inside where none is asked for. */
        private Optional<Optional<Scope>> scope(Invariant invariant) {
            if (invariant.scope().isEmpty()) {
                return Optional.of(Optional.empty());
            }
            Invariant.Asked asked = invariant.scope().get();
            return switch (Scope.parse(asked.text())) {
                case Scope.Parsed parsed
                when !parsed.scope().actions().isEmpty() -> Optional.of(Optional.of(parsed.scope()));
                case Scope.Parsed parsed -> {
                    add(Severity.ERROR, asked.position(), "the scope names no action; expected " + Scope.FORM);
                    yield Optional.empty();
                }
                case Scope.Malformed malformed -> {
                    add(Severity.ERROR, asked.position(), "not a scope: " + malformed.why());
                    yield Optional.empty();
                }
            };
        }

        private Claim claim(NetworkSection section, Invariant invariant, Optional<Scope> scope) {
            Map<String, NetworkSection> rulesets = new LinkedHashMap<>();
            add(rulesets, NetworkSection.ENTERPRISE);
            invariant.identity().ifPresent(subject -> {
                account(subject).ifPresent(account -> add(rulesets, NetworkSection.nameOf(account)));
                add(rulesets, subject.toString());
            });
            if (scope.isPresent()) {
                Collection<Account> owners = gate.owners(policy, Claim.identity(invariant), scope.get());
                owners.forEach(owner -> add(rulesets, NetworkSection.nameOf(owner)));
            } else {
                rulesets.putIfAbsent(section.ruleset(), section);
            }
            List<NetworkSection> all = List.copyOf(rulesets.values());
            List<Layout> laidOut = all.stream()
                    .map(ruleset -> layouts.computeIfAbsent(ruleset.ruleset(), name -> new Layout(ruleset.rules())))
                    .toList();
            List<Claim.Part> parts = probes.of(invariant.of(), policy).stream()
                    .map(probe -> new Claim.Part(
                            probe,
                            laidOut.stream()
                                    .map(layout -> layout.on(probe, Claim.trial(invariant), workNow))
                                    .toList()))
                    .toList();
            long gateCost = 1 + laidOut.stream().mapToLong(Layout::slowRules).sum();
            return new Claim(section, invariant, scope, all, parts, gateCost);
        }

        private Optional<Account> account(Subject subject) {
            return policy.account(subject.account());
        }

        private void add(Map<String, NetworkSection> rulesets, String name) {
            Optional.ofNullable(sections.get(name)).ifPresent(section -> rulesets.putIfAbsent(name, section));
        }
    }
}
