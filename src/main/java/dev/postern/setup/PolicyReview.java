package dev.postern.setup;

import dev.postern.decision.Gate;
import dev.postern.decision.Invariants;
import dev.postern.policy.Problem;
import dev.postern.policy.RuleWarnings;
import dev.postern.policy.load.Review;
import dev.postern.source.SourceSettings;
import java.util.ArrayList;
import java.util.List;

/** What a policy is held to before it is taken, by the server and by {@code postern policy check} alike. */
final class PolicyReview {

    private PolicyReview() {}

    static Review of(Gate gate, SourceSettings settings) {
        Invariants invariants = new Invariants(gate, settings.privateEndpoints());
        RuleWarnings warnings = new RuleWarnings();
        return (policy, now) -> {
            List<Problem> found = new ArrayList<>(invariants.check(policy, now));
            found.addAll(warnings.find(policy, now));
            return found;
        };
    }
}
