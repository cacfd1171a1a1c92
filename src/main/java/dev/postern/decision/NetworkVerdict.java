package dev.postern.decision;

import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import dev.postern.policy.Position;
import dev.postern.policy.Rule;
import dev.postern.policy.RuleList;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.Optional;

/**
 * What one ruleset says of a source.
 *
 * @param reason {@link Reason#GRANTED} where it admits
 * @param finding why, in words
 * @param position the rule or section that decided, where one did
 */
record NetworkVerdict(Reason reason, String finding, Optional<Position> position) {

    boolean admits() {
        return reason == Reason.GRANTED;
    }

    /** Judges the source by the rules, whatever the enforcement of their section. */
    static NetworkVerdict of(NetworkRules rules, Source source, Instant now, Trial trial) {
        return beforeAllowList(rules, source, now, trial).orElseGet(() -> byAllowList(rules, source, now, trial));
    }

    /** Judges the source by the switches and the deny list alone. Empty where the allow list and the default decide. */
    static Optional<NetworkVerdict> beforeAllowList(NetworkRules rules, Source source, Instant now, Trial trial) {
        return switch (source) {
            case UnknownSource unknown ->
                Optional.of(refuse(Reason.SOURCE_UNKNOWN, "the source is unknown", rules.position()));
            case PublicSource known ->
                rules.publicAccess() == PublicAccess.DISABLED
                        ? Optional.of(
                                refuse(Reason.PUBLIC_ACCESS_DISABLED, "public-access is disabled", rules.position()))
                        : denial(rules, source, now, trial);
            case PrivateSource known ->
                switch (rules.privateAccess()) {
                    case DISABLED ->
                        Optional.of(
                                refuse(Reason.PRIVATE_ACCESS_DISABLED, "private-access is disabled", rules.position()));
                    case TRUST -> Optional.of(admit("private-access is trust", rules.position()));
                    case EVALUATE -> denial(rules, source, now, trial);
                };
        };
    }

    private static Optional<NetworkVerdict> denial(NetworkRules rules, Source source, Instant now, Trial trial) {
        return match(rules.deny(), source, now)
                .or(() -> trial == Trial.REFUSALS_ENFORCED
                        ? match(rules.onTrial().deny(), source, now)
                        : Optional.empty())
                .map(rule -> refuse(Reason.ADDRESS_DENIED, "denied by " + text(rule), rule.position()));
    }

    private static NetworkVerdict byAllowList(NetworkRules rules, Source source, Instant now, Trial trial) {
        Optional<Rule> admitting = rules.allow()
                .flatMap(list -> match(list, source, now))
                .or(() -> trial == Trial.ADMISSIONS_ENFORCED
                        ? match(rules.onTrial().allow(), source, now)
                        : Optional.empty());
        if (admitting.isPresent()) {
            return admit("allowed by " + text(admitting.get()), admitting.get().position());
        }
        return rules.fallback() == DefaultAction.DENY
                ? refuse(Reason.ADDRESS_NOT_LISTED, Explanation.NOT_LISTED, rules.position())
                : admit("no rule matches, and the default is allow", rules.position());
    }

    /** The rule on trial that would refuse a source which the rules admit; none for a source that no list is asked of. */
    static Optional<Rule> trialDenial(NetworkRules rules, Source source, Instant now) {
        boolean trusted = source instanceof PrivateSource && rules.privateAccess() == PrivateAccess.TRUST;
        return trusted ? Optional.empty() : match(rules.onTrial().deny(), source, now);
    }

    /** The rule on trial that would admit a source which no rule allows. */
    static Optional<Rule> trialAdmission(NetworkRules rules, Source source, Instant now) {
        return match(rules.onTrial().allow(), source, now);
    }

    /** The rule of the list that matches the source, by its address or by how it came. */
    private static Optional<Rule> match(RuleList list, Source source, Instant now) {
        return switch (source) {
            case UnknownSource unknown -> Optional.empty();
            case PublicSource known -> list.matchAddress(known.address(), now);
            case PrivateSource known ->
                list.matchPrivate(known.endpoint(), known.linkId(), known.originator(), now)
                        .or(() -> known.observed().flatMap(address -> list.matchAddress(address, now)));
        };
    }

    private static String text(Rule rule) {
        return rule.enforcement() == Rule.Enforcement.REPORT ? rule.text() + ", in report mode" : rule.text();
    }

    private static NetworkVerdict admit(String finding, Position position) {
        return new NetworkVerdict(Reason.GRANTED, finding, Optional.of(position));
    }

    private static NetworkVerdict refuse(Reason reason, String finding, Position position) {
        return new NetworkVerdict(reason, finding, Optional.of(position));
    }
}
