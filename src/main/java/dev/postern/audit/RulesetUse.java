package dev.postern.audit;

import dev.postern.decision.Explanation.Outcome;
import dev.postern.policy.Account;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Position;
import dev.postern.policy.Rule;
import dev.postern.policy.RuleList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * The use of one ruleset's rules. There may be a million, most of them unused: each costs its place in a few arrays, and only
 * those that were used an object.
 */
final class RulesetUse {

    private final NetworkSection section;
    /** In the order in which they stand, each at the place of the same index. */
    private final Rule[] rules;

    private final BitSet denies = new BitSet();
    private final long[] places;
    /** From when each is counted, in seconds since the epoch. */
    private final long[] since;

    private final AtomicReferenceArray<Use> uses;

    /** A rule, and in which list. */
    private record Listed(Rule rule, boolean denies) {}

    /** What makes a rule the same, wherever it stands. */
    private record Key(Rule.Matcher matcher, boolean denies) {}

    /** What is counted of a rule. */
    private static final class Use {
        private final LongAdder hits = new LongAdder();
        private final LongAdder reported = new LongAdder();
        private volatile long lastSecond;
    }

    private RulesetUse(NetworkSection section, List<Listed> listed, Instant now) {
        int size = listed.size();
        this.section = section;
        this.rules = new Rule[size];
        this.places = new long[size];
        this.since = new long[size];
        this.uses = new AtomicReferenceArray<>(size);
        for (int i = 0; i < size; i++) {
            rules[i] = listed.get(i).rule();
            denies.set(i, listed.get(i).denies());
            places[i] = place(rules[i].position());
        }
        Arrays.fill(since, now.getEpochSecond());
    }

    /** The use of a section's rules, which goes on from what there was before. */
    static RulesetUse of(NetworkSection section, Optional<RulesetUse> former, Instant now) {
        NetworkRules network = section.rules();
        List<Listed> rules = new ArrayList<>(network.ruleCount());
        add(rules, network.allow().orElse(RuleList.EMPTY), false);
        add(rules, network.onTrial().allow(), false);
        add(rules, network.deny(), true);
        add(rules, network.onTrial().deny(), true);
        rules.sort(Comparator.comparingLong(listed -> place(listed.rule().position())));
        RulesetUse use = new RulesetUse(section, rules, now);
        former.ifPresent(use::takeOver);
        return use;
    }

    private static void add(List<Listed> rules, RuleList list, boolean denies) {
        list.rules().forEach(rule -> rules.add(new Listed(rule, denies)));
    }

    private static long place(Position position) {
        return (long) position.line() << Integer.SIZE | position.column();
    }

    /** What is the same at both ends is the same; only what lies between is looked for, by what it matches. */
    private void takeOver(RulesetUse former) {
        int shorter = Math.min(size(), former.size());
        int head = 0;
        while (head < shorter && key(head).equals(former.key(head))) {
            takeOver(head, former, head);
            head++;
        }
        int end = size();
        int formerEnd = former.size();
        while (end > head && formerEnd > head && key(end - 1).equals(former.key(formerEnd - 1))) {
            end--;
            formerEnd--;
            takeOver(end, former, formerEnd);
        }
        Map<Key, Deque<Integer>> between = new HashMap<>();
        for (int i = head; i < formerEnd; i++) {
            between.computeIfAbsent(former.key(i), key -> new ArrayDeque<>(1)).add(i);
        }
        for (int i = head; i < end; i++) {
            Deque<Integer> same = between.get(key(i));
            if (same != null && !same.isEmpty()) {
                takeOver(i, former, same.remove());
            }
        }
    }

    private Key key(int index) {
        return new Key(rules[index].matcher(), denies.get(index));
    }

    private void takeOver(int index, RulesetUse former, int from) {
        since[index] = former.since[from];
        uses.set(index, former.uses.get(from));
    }

    int size() {
        return places.length;
    }

    /** Whether its rules have a say. */
    boolean isAsked() {
        return section.rules().enforcement() != Enforcement.OFF;
    }

    /** Counts the rule at this place, if it is a rule's. */
    void count(Position position, Outcome outcome, Instant at) {
        int index = Arrays.binarySearch(places, place(position));
        if (index < 0 || !rules[index].position().equals(position)) {
            return;
        }
        Use use = uses.get(index);
        if (use == null) {
            uses.compareAndSet(index, null, new Use());
            use = uses.get(index);
        }
        boolean isEnforced = outcome != Outcome.WOULD_REFUSE && outcome != Outcome.WOULD_PASS;
        (isEnforced ? use.hits : use.reported).increment();
        // Written once a second: processors would else take it away from each other at each decision.
        long second = at.getEpochSecond();
        if (second > use.lastSecond) {
            use.lastSecond = second;
        }
    }

    boolean mayBeUnused(int index, Instant now, Duration after) {
        Use use = uses.get(index);
        return (use == null ? since[index] : use.lastSecond) + after.toSeconds() <= now.getEpochSecond();
    }

    RuleUse.Entry entry(int index) {
        Use use = uses.get(index);
        return new RuleUse.Entry(
                section.ruleset(),
                section.account().map(Account::name),
                denies.get(index),
                rules[index],
                use == null ? 0 : use.hits.sum(),
                use == null ? 0 : use.reported.sum(),
                Instant.ofEpochSecond(since[index]),
                use == null ? Optional.empty() : Optional.of(Instant.ofEpochSecond(use.lastSecond)));
    }
}
