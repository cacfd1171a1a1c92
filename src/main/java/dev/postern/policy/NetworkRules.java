package dev.postern.policy;

import java.util.Map;
import java.util.Optional;

/**
 * The network rules of an account, or of one identity within it.
 *
 * @param enforcement whether a refusal is enforced
 * @param publicAccess whether public sources are judged at all
 * @param privateAccess how private sources are judged
 * @param fallback what holds when no rule matches
 * @param allow the allow list; empty where the document has none, which is not the same as an empty list
 * @param deny the deny list
 * @param position where the section stands
 */
public record NetworkRules(
        Enforcement enforcement,
        PublicAccess publicAccess,
        PrivateAccess privateAccess,
        DefaultAction fallback,
        Optional<RuleList> allow,
        RuleList deny,
        Position position) {

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
    NetworkRules linkedTo(Map<String, Zone> zones) {
        Optional<RuleList> linkedAllow = allow.map(list -> list.linkedTo(zones));
        RuleList linkedDeny = deny.linkedTo(zones);
        boolean same = linkedDeny == deny && linkedAllow.orElse(deny) == allow.orElse(deny);
        return same
                ? this
                : new NetworkRules(
                        enforcement, publicAccess, privateAccess, fallback, linkedAllow, linkedDeny, position);
    }
}
