package dev.postern.audit;

import dev.postern.decision.Explanation.Step;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How often each network rule of the policy in force has decided its ruleset, and when it last did. It is kept in memory,
 * counts from the start of the process, and holds nothing but rules of the policy, whoever calls.
 *
 * <p>Where several rules of a list match, one of them is named by the decision, and counted: a rule that another covers may
 * never be. A rule that is the same after a reload, in the same ruleset and list, goes on counting.
 */
public final class RuleUse {

    private volatile Followed followed = new Followed("", Map.of());

    /** Counting is of one policy's places: those of another are other rules. */
    private record Followed(String version, Map<String, RulesetUse> rulesets) {}

    /**
     * A rule and its use.
     *
     * @param ruleset what explanations call its ruleset: {@code account acme}
     * @param account the account in which it stands; empty for the enterprise's
     * @param denies whether it stands in the deny list
     * @param rule the rule
     * @param hits how often it has decided its ruleset
     * @param reported how often it would have, were it, or its ruleset, enforced
     * @param since from when it has been counted: the start, or its appearance
     * @param lastUse when it last did either, to the second
     */
    public record Entry(
            String ruleset,
            Optional<String> account,
            boolean denies,
            Rule rule,
            long hits,
            long reported,
            Instant since,
            Optional<Instant> lastUse) {

        /** Whether it has had that long to be used, and was not. */
        boolean isUnused(Instant now, Duration after) {
            Instant chance = rule.from().filter(from -> from.isAfter(since)).orElse(since);
            return !lastUse.orElse(chance).plus(after).isAfter(now);
        }
    }

    /**
     * Rules at one moment.
     *
     * @param entries the rules, in the order in which they stand
     * @param leftOut how many more there are
     */
    public record Snapshot(List<Entry> entries, int leftOut) {
        /** Keeps its own copy. */
        public Snapshot {
            entries = List.copyOf(entries);
        }
    }

    /** Counts the rules of this policy from now on, and forgets those that are gone. */
    public synchronized void follow(Policy policy, Instant now) {
        Map<String, RulesetUse> former = followed.rulesets();
        Map<String, RulesetUse> rulesets = new LinkedHashMap<>();
        NetworkSection.of(policy)
                .forEach(section -> rulesets.put(
                        section.ruleset(),
                        RulesetUse.of(section, Optional.ofNullable(former.get(section.ruleset())), now)));
        followed = new Followed(policy.version(), rulesets);
    }

    /** Counts what decided the event. Those of a policy that is followed no more, or not yet, are left out. */
    public void count(AuditEvent event) {
        Followed now = followed;
        if (event.policyVersion().isEmpty()
                || !now.version().equals(event.policyVersion().get())) {
            return;
        }
        List<Step> steps = event.decision().explanation().steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.position().isPresent()) {
                RulesetUse ruleset = now.rulesets().get(step.ruleset());
                if (ruleset != null) {
                    ruleset.count(step.position().get(), step.outcome(), event.time());
                }
            }
        }
    }

    /** The rulesets of the policy, as explanations call them, in the order of the documents. */
    public Collection<String> rulesets() {
        return Collections.unmodifiableSet(followed.rulesets().keySet());
    }

    /** Each rule of one ruleset, one after the other: there may be more than could be held at once. */
    public void each(String ruleset, Consumer<Entry> taker) {
        RulesetUse known = followed.rulesets().get(ruleset);
        for (int i = 0; known != null && i < known.size(); i++) {
            taker.accept(known.entry(i));
        }
    }

    /** The rules of one ruleset, so many at most; none where there is no such ruleset. */
    public Snapshot snapshot(String ruleset, int most) {
        RulesetUse known = followed.rulesets().get(ruleset);
        if (known == null) {
            return new Snapshot(List.of(), 0);
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < known.size() && i < most; i++) {
            entries.add(known.entry(i));
        }
        return new Snapshot(entries, known.size() - entries.size());
    }

    /** The rules that were not used for so long, so many at most. Rulesets that are off are not asked: theirs are left out. */
    public Snapshot unused(Instant now, Duration after, int most) {
        List<Entry> entries = new ArrayList<>();
        int leftOut = 0;
        for (RulesetUse ruleset : followed.rulesets().values()) {
            for (int i = 0; i < ruleset.size() && ruleset.isAsked(); i++) {
                // Most are used or young, and need not be written down to see it.
                if (ruleset.mayBeUnused(i, now, after)) {
                    Entry entry = ruleset.entry(i);
                    if (entry.isUnused(now, after)) {
                        leftOut += entries.size() < most ? 0 : 1;
                        if (entries.size() < most) {
                            entries.add(entry);
                        }
                    }
                }
            }
        }
        return new Snapshot(entries, leftOut);
    }
}
