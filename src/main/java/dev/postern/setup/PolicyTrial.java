package dev.postern.setup;

import dev.postern.decision.Gate;
import dev.postern.policy.Policy;
import dev.postern.trial.Trials;

/** Decides by a policy as the server would, without serving anybody. */
public final class PolicyTrial {

    private PolicyTrial() {}

    /** Trials of this policy, by these settings. */
    public static Trials of(PosternConfig config, Policy policy) {
        return new Trials(policy, SourceSettingsReader.read(config), gate(config));
    }

    /** The gate of the server. */
    public static Gate gate(PosternConfig config) {
        return House.gate(config);
    }
}
