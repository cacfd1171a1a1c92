package dev.postern.setup;

import dev.postern.decision.Gate;
import dev.postern.decision.Invariants;
import dev.postern.policy.load.Review;
import dev.postern.source.SourceSettings;

/** What a policy is held to before it is taken, by the server and by {@code postern policy check} alike. */
final class PolicyReview {

    private PolicyReview() {}

    static Review of(Gate gate, SourceSettings settings) {
        Invariants invariants = new Invariants(gate, settings.privateEndpoints());
        return invariants::check;
    }
}
