package dev.postern.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The network rules of an account, of one identity within it, or of the enterprise over all accounts.
 *
 * @param enforcement whether a refusal is enforced
 * @param publicAccess whether public sources are judged at all
 * @param privateAccess how private sources are judged
 * @param fallback what holds when no rule matches
 * @param allow the enforced rules of the allow list; empty where the document has no list, which is not the same as an
 *     empty list
 * @param deny the enforced rules of the deny list
 * @param onTrial the rules of both lists that decide nothing yet
 * @param trustedServices the service ids and federated callers that are let in past these rules, and where each stands
 * @param invariants what must be so of them, or they are not taken
 * @param position where the section stands
 */
public record NetworkRules(
        Enforcement enforcement,
        PublicAccess publicAccess,
        PrivateAccess privateAccess,
        DefaultAction fallback,
        Optional<RuleList> allow,
        RuleList deny,
        OnTrial onTrial,
        Map<Subject, Position> trustedServices,
        List<Invariant> invariants,
        Position position) {

    /** Keeps its own copies. */
    public NetworkRules {
        trustedServices = Map.copyOf(trustedServices);
        invariants = List.copyOf(invariants);
    }

    /**
     * The rules in report mode.
     *
     * @param allow those of the allow list
     * @param deny those of the deny list
     */
    public record OnTrial(RuleList allow, RuleList deny) {
        private OnTrial linkedTo(Zones zones) {
            return new OnTrial(allow.linkedTo(zones.admitting()), deny.linkedTo(zones.all()));
        }
    }

    /** Whether a refusal is enforced. */
    public enum Enforcement {
        /** It is. */
        ENFORCE,
        /** It is decided, logged and counted, and not enforced. */
        REPORT,
        /** The rules are not consulted. */
        OFF
    }

    /** Whether a public source can get in. */
    public enum PublicAccess {
        /** The rules decide. */
        ENABLED,
        /** None gets in, whatever the rules say. */
        DISABLED
    }

    /** How a private source gets in. */
    public enum PrivateAccess {
        /** The rules must admit the translated address or name the endpoint. */
        EVALUATE,
        /** It is admitted without rules: the cloud approved the link. */
        TRUST,
        /** None gets in. */
        DISABLED
    }

    /** What holds when no rule matches. */
    public enum DefaultAction {
        ALLOW,
        DENY
    }

    /** These rules with their zones taken from those, by name. */
    NetworkRules linkedTo(Zones zones) {
        Optional<RuleList> linkedAllow = allow.map(list -> list.linkedTo(zones.admitting()));
        RuleList linkedDeny = deny.linkedTo(zones.all());
        OnTrial linkedOnTrial = onTrial.linkedTo(zones);
        boolean same = linkedDeny == deny
                && linkedAllow.orElse(deny) == allow.orElse(deny)
                && linkedOnTrial.allow() == onTrial.allow()
                && linkedOnTrial.deny() == onTrial.deny();
        return same
                ? this
                : new NetworkRules(
                        enforcement,
                        publicAccess,
                        privateAccess,
                        fallback,
                        linkedAllow,
                        linkedDeny,
                        linkedOnTrial,
                        trustedServices,
                        invariants,
                        position);
    }

    /** How many rules there are, in both lists, those on trial included. */
    public int ruleCount() {
        return allow.map(list -> list.rules().size()).orElse(0)
                + deny.rules().size()
                + onTrial.allow().rules().size()
                + onTrial.deny().rules().size();
    }
}
