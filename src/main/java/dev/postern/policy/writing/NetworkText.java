package dev.postern.policy.writing;

import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import java.util.List;
import java.util.Optional;

/**
 * A network section that is to be written. What is not set is not written.
 *
 * @param allow the allow list; an empty list admits nobody, none is another thing
 * @param deny the deny list, not written where it is empty
 * @param leftOut what an allow list would have had, one comment each
 */
public record NetworkText(
        Optional<Enforcement> enforcement,
        Optional<PublicAccess> publicAccess,
        Optional<PrivateAccess> privateAccess,
        Optional<DefaultAction> fallback,
        Optional<List<RuleText>> allow,
        List<RuleText> deny,
        List<String> leftOut) {

    /** Keeps its own copies. */
    public NetworkText {
        allow = allow.map(List::copyOf);
        deny = List.copyOf(deny);
        leftOut = List.copyOf(leftOut);
    }

    /** A section with these lists only. */
    public static NetworkText of(List<RuleText> allow, List<RuleText> deny) {
        return new NetworkText(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(allow),
                deny,
                List.of());
    }
}
