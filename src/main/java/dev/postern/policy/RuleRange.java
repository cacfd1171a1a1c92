package dev.postern.policy;

import dev.postern.address.AddressRange;

/**
 * Addresses, and the rule that speaks of them; a zone's are many.
 *
 * @param range the addresses
 * @param rule the rule
 */
record RuleRange(AddressRange range, Rule rule) {

    /** By the first address; of one first address the widest first. */
    static int compare(RuleRange one, RuleRange other) {
        int byFirst = one.range.first().compareTo(other.range.first());
        return byFirst != 0 ? byFirst : other.range.last().compareTo(one.range.last());
    }

    boolean isZones() {
        return rule.matcher() instanceof Rule.ZoneMatcher;
    }

    boolean contains(RuleRange other) {
        return range.contains(other.range.first()) && range.contains(other.range.last());
    }

    boolean reachesFartherThan(RuleRange other) {
        return range.last().compareTo(other.range.last()) > 0;
    }
}
