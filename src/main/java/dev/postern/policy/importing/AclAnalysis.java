package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.importing.PatternReader.NotUnderstood;
import dev.postern.policy.importing.PatternReader.Understood;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What docker_auth's list gives one account, as grants that can be added up.
 *
 * <p>There, the first entry that matches decides, and later ones are not looked at; here, bindings add up. A grant of an entry is
 * kept where adding it changes nothing for what an earlier entry matches: because that gives as much, or has no name or no
 * address in common with it. Otherwise the grant is cut, by addresses or by actions, until this holds. So the sum is never
 * more than what the first match gives.
 */
final class AclAnalysis {

    /** Pairs of patterns that are held against each other before the input is taken for hostile. */
    private static final long MAX_STEPS = 5_000_000;

    private final List<AclEntry> entries;
    private final Remarks remarks;
    private final Map<String, PatternReader.Syntax> patterns = new HashMap<>();
    private long steps;

    /** Gets what has to be said of an account. */
    interface Remarks {
        /** An entry's grant to the account is not the whole of it. */
        void cut(AclEntry entry, String account, String why);

        /** An entry that denies cannot be said, and nothing else would keep closed what it closes. */
        void open(AclEntry denying, AclEntry opening, String account);
    }

    AclAnalysis(List<AclEntry> entries, Remarks remarks) {
        this.entries = entries;
        this.remarks = remarks;
    }

    /** The input would take too long. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuch() {
            super(null, null, false, false);
        }
    }

    /**
     * A grant.
     *
     * @param names the repositories
     * @param from the addresses from which it holds
     */
    record Grant(AclEntry entry, List<NameGlob> names, AddressSet from, AclActions actions) {
        Grant {
            names = List.copyOf(names);
        }
    }

    /** What an entry matches of one account's requests; more than that where it is not certain. */
    private record Region(AclEntry entry, boolean certain, List<NameGlob> names, AddressSet from, AclActions actions) {}

    /** Whether an account is one that a pattern matches, as far as that can be said. */
    enum Answer {
        YES,
        NO,
        PERHAPS
    }

    /** The grants to an account on repositories. */
    List<Grant> grants(String account) {
        List<Region> regions = regions(account);
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            if (!region.certain()) {
                if (!region.actions().isEmpty()) {
                    remarks.cut(region.entry(), account, "left out: " + whyUncertain(region.entry()));
                }
                continue;
            }
            Grant grant = new Grant(region.entry(), region.names(), region.from(), region.actions());
            for (int j = 0; j < i && !isNothing(grant); j++) {
                grant = behind(regions.get(j), grant, account);
            }
            if (!isNothing(grant)) {
                grants.add(grant);
            }
        }
        return grants;
    }

    private static boolean isNothing(Grant grant) {
        return grant.from().isEmpty()
                || grant.actions().isEmpty()
                || grant.names().isEmpty();
    }

    private Grant behind(Region earlier, Grant grant, String account) {
        if (++steps > MAX_STEPS) {
            throw new TooMuch();
        }
        if (grant.actions().isWithin(earlier.actions())) {
            return grant;
        }
        AddressSet elsewhere = grant.from().minus(earlier.from());
        if (isSame(elsewhere, grant.from()) || !meet(earlier.names(), grant.names())) {
            return grant;
        }
        if (earlier.certain() && covers(earlier.names(), grant.names())) {
            // Nothing is lost: from there, this entry is never looked at.
            return new Grant(grant.entry(), grant.names(), elsewhere, grant.actions());
        }
        if (!earlier.certain() && earlier.actions().isEmpty()) {
            remarks.open(earlier.entry(), grant.entry(), account);
            return new Grant(grant.entry(), grant.names(), grant.from(), earlier.actions());
        }
        String because = earlier.entry().shown() + " comes first for a part of it, and gives " + earlier.actions()
                + "; here, bindings add up";
        if (!elsewhere.isEmpty()) {
            remarks.cut(grant.entry(), account, "only from elsewhere: " + because);
            return new Grant(grant.entry(), grant.names(), elsewhere, grant.actions());
        }
        AclActions rest = grant.actions().and(earlier.actions());
        remarks.cut(grant.entry(), account, (rest.isEmpty() ? "left out: " : "only " + rest + ": ") + because);
        return new Grant(grant.entry(), grant.names(), grant.from(), rest);
    }

    /**
     * The right to list the registry's repositories.
     *
     * @param from the addresses from which it is had for certain
     * @param by the first entry that gives it
     */
    record Listing(AddressSet from, Optional<AclEntry> by) {}

    /** The right of an account to list the registry's repositories. */
    Listing listing(String account) {
        AddressSet open = AclReader.EVERYWHERE;
        List<AddressRange> granted = new ArrayList<>();
        AclEntry by = null;
        for (AclEntry entry : entries) {
            Answer match = and(
                    and(matches(entry.account(), account, account), matches(entry.type(), "registry", account)),
                    matches(entry.name(), "catalog", account));
            if (match == Answer.NO) {
                continue;
            }
            if (entry.actions().list()) {
                if (match == Answer.YES && entry.unsayable().isEmpty()) {
                    granted.addAll(open.minus(open.minus(entry.from())).ranges());
                    by = by == null && !granted.isEmpty() ? entry : by;
                } else {
                    remarks.cut(entry, account, "left out: " + whyUncertain(entry));
                }
            }
            open = open.minus(entry.from());
        }
        return new Listing(AddressSet.of(granted), Optional.ofNullable(by));
    }

    private List<Region> regions(String account) {
        List<Region> regions = new ArrayList<>();
        for (AclEntry entry : entries) {
            Answer match =
                    and(matches(entry.account(), account, account), matches(entry.type(), "repository", account));
            if (match == Answer.NO) {
                continue;
            }
            Optional<List<NameGlob>> names = entry.name().isEmpty()
                    ? Optional.of(List.of(NameGlob.EVERYTHING))
                    : alternatives(entry.name().get(), account);
            boolean certain = match == Answer.YES
                    && names.isPresent()
                    && entry.unsayable().isEmpty();
            Region region = new Region(
                    entry, certain, names.orElse(List.of(NameGlob.EVERYTHING)), entry.from(), entry.actions());
            Region before = regions.isEmpty() ? null : regions.getLast();
            if (before != null && isSameButForAddresses(before, region)) {
                List<AddressRange> both = new ArrayList<>(before.from().ranges());
                both.addAll(region.from().ranges());
                regions.set(
                        regions.size() - 1,
                        new Region(before.entry(), true, before.names(), AddressSet.of(both), before.actions()));
            } else {
                regions.add(region);
            }
        }
        return regions;
    }

    private static boolean isSameButForAddresses(Region one, Region other) {
        return one.certain()
                && other.certain()
                && one.entry().name().equals(other.entry().name())
                && one.actions().equals(other.actions());
    }

    private String whyUncertain(AclEntry entry) {
        return entry.unsayable()
                .map(condition -> "it has " + condition + ", which cannot be said")
                .orElse("one of its patterns cannot be said");
    }

    /** Whether the condition is met by a text. */
    Answer matches(Optional<String> pattern, String text, String account) {
        if (pattern.isEmpty()) {
            return Answer.YES;
        }
        return alternatives(pattern.get(), account)
                .map(globs -> globs.stream().anyMatch(glob -> glob.matches(text)) ? Answer.YES : Answer.NO)
                .orElse(Answer.PERHAPS);
    }

    /** What a pattern stands for, its variables replaced, where that can be said. */
    Optional<List<NameGlob>> alternatives(String pattern, String account) {
        String replaced = pattern.replace("${account}", PatternReader.quote(account));
        return switch (patterns.computeIfAbsent(replaced, PatternReader::read)) {
            case Understood understood -> Optional.of(understood.alternatives());
            case NotUnderstood notUnderstood -> Optional.empty();
            // Only by what a variable stands for: docker_auth lets such a pattern match nothing.
            case PatternReader.Malformed malformed -> Optional.of(List.of());
        };
    }

    private static Answer and(Answer one, Answer other) {
        if (one == Answer.NO || other == Answer.NO) {
            return Answer.NO;
        }
        return one == Answer.YES && other == Answer.YES ? Answer.YES : Answer.PERHAPS;
    }

    private static boolean isSame(AddressSet one, AddressSet other) {
        return one.ranges().equals(other.ranges());
    }

    private static boolean meet(List<NameGlob> one, List<NameGlob> other) {
        return one.stream().anyMatch(mine -> other.stream().anyMatch(mine::meets));
    }

    /** Whether the first match everything that the second do: told for the plain cases only. */
    private static boolean covers(List<NameGlob> one, List<NameGlob> other) {
        return one.equals(other) || one.stream().anyMatch(NameGlob::isEverything);
    }
}
