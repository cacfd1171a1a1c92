package dev.postern.policy.load;

import dev.postern.policy.Policy;
import dev.postern.policy.Problem;
import java.time.Instant;
import java.util.List;

/** A last look at a policy that compiles, before it comes into force. */
@FunctionalInterface
public interface Review {

    /** What is found: with an error among it, the policy is not taken. */
    List<Problem> of(Policy policy, Instant now);
}
