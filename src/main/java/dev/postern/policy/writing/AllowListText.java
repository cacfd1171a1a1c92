package dev.postern.policy.writing;

import dev.postern.policy.Subject;
import java.util.List;
import java.util.Optional;

/**
 * An allow list that is to be written where it belongs.
 *
 * @param account in whose section; empty for the enterprise's
 * @param identity in whose own section of the account; a service id or a user, empty for the account's
 */
public record AllowListText(Optional<String> account, Optional<Subject> identity, List<RuleText> rules) {
    /** Keeps its own copy. */
    public AllowListText {
        rules = List.copyOf(rules);
    }
}
