package dev.postern.policy.writing;

import dev.postern.policy.Rule;
import java.util.Optional;

/**
 * A rule that is to be written.
 *
 * @param note goes into the rule
 * @param remark stands behind it as a comment
 */
public record RuleText(Rule.Matcher matcher, Optional<String> note, Optional<String> remark) {}
