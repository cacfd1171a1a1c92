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
        return switch (source) {
            case UnknownSource unknown -> refuse(Reason.SOURCE_UNKNOWN, "the source is unknown", rules.position());
            case PublicSource known ->
                rules.publicAccess() == PublicAccess.DISABLED
                        ? refuse(Reason.PUBLIC_ACCESS_DISABLED, "public-access is disabled", rules.position())
                        : byRules(rules, list -> list.matchAddress(known.address(), now));
            case PrivateSource known ->
                switch (rules.privateAccess()) {
                    case DISABLED ->
                        refuse(Reason.PRIVATE_ACCESS_DISABLED, "private-access is disabled", rules.position());
                    case TRUST ->
                        new NetworkVerdict(Reason.GRANTED, "private-access is trust", Optional.of(rules.position()));
                    case EVALUATE ->
                        byRules(
                                rules,
                                list -> list.matchPrivate(known.endpoint(), known.linkId(), known.originator(), now)
                                        .or(() ->
                                                known.observed().flatMap(address -> list.matchAddress(address, now))));
                };
        };
    }

    /** Finds the rule of a list that matches the source. */
    private interface Lookup {
        Optional<Rule> in(RuleList list);
    }

    private static NetworkVerdict byRules(NetworkRules rules, Lookup lookup) {
        Optional<Rule> denying = lookup.in(rules.deny());
        if (denying.isPresent()) {
            return refuse(
                    Reason.ADDRESS_DENIED,
                    "denied by " + denying.get().text(),
                    denying.get().position());
        }
        Optional<Rule> admitting = rules.allow().flatMap(lookup::in);
        if (admitting.isPresent()) {
            return new NetworkVerdict(
                    Reason.GRANTED,
                    "allowed by " + admitting.get().text(),
                    Optional.of(admitting.get().position()));
        }
        if (rules.fallback() == DefaultAction.DENY) {
            return refuse(Reason.ADDRESS_NOT_LISTED, "no rule allows it, and the default is deny", rules.position());
        }
        return new NetworkVerdict(
                Reason.GRANTED, "no rule matches, and the default is allow", Optional.of(rules.position()));
    }

    private static NetworkVerdict refuse(Reason reason, String finding, Position position) {
        return new NetworkVerdict(reason, finding, Optional.of(position));
    }
}
