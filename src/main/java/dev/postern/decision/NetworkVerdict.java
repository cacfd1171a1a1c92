package dev.postern.decision;

import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.DefaultAction;
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

    /** Judges the source by the rules, whatever their enforcement. */
    static NetworkVerdict of(NetworkRules rules, Source source, Instant now) {
        return beforeAllowList(rules, source, now).orElseGet(() -> byAllowList(rules, source, now));
    }

    /** Judges the source by the switches and the deny list alone. Empty where the allow list and the default decide. */
    static Optional<NetworkVerdict> beforeAllowList(NetworkRules rules, Source source, Instant now) {
        return switch (source) {
            case UnknownSource unknown ->
                Optional.of(refuse(Reason.SOURCE_UNKNOWN, "the source is unknown", rules.position()));
            case PublicSource known ->
                rules.publicAccess() == PublicAccess.DISABLED
                        ? Optional.of(
                                refuse(Reason.PUBLIC_ACCESS_DISABLED, "public-access is disabled", rules.position()))
                        : denial(rules, source, now);
            case PrivateSource known ->
                switch (rules.privateAccess()) {
                    case DISABLED ->
                        Optional.of(
                                refuse(Reason.PRIVATE_ACCESS_DISABLED, "private-access is disabled", rules.position()));
                    case TRUST -> Optional.of(admit("private-access is trust", rules.position()));
                    case EVALUATE -> denial(rules, source, now);
                };
        };
    }

    private static Optional<NetworkVerdict> denial(NetworkRules rules, Source source, Instant now) {
        return match(rules.deny(), source, now)
                .map(rule -> refuse(Reason.ADDRESS_DENIED, "denied by " + rule.text(), rule.position()));
    }

    private static NetworkVerdict byAllowList(NetworkRules rules, Source source, Instant now) {
        Optional<Rule> admitting = rules.allow().flatMap(list -> match(list, source, now));
        if (admitting.isPresent()) {
            return admit("allowed by " + admitting.get().text(), admitting.get().position());
        }
        return rules.fallback() == DefaultAction.DENY
                ? refuse(Reason.ADDRESS_NOT_LISTED, "no rule allows it, and the default is deny", rules.position())
                : admit("no rule matches, and the default is allow", rules.position());
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

    private static NetworkVerdict admit(String finding, Position position) {
        return new NetworkVerdict(Reason.GRANTED, finding, Optional.of(position));
    }

    private static NetworkVerdict refuse(Reason reason, String finding, Position position) {
        return new NetworkVerdict(reason, finding, Optional.of(position));
    }
}
