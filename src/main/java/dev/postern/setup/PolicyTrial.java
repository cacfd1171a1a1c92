package dev.postern.setup;

import dev.postern.decision.Gate;
import dev.postern.policy.Policy;
import dev.postern.trial.Trials;
import java.net.URI;

/** Decides by a policy as the server would, without serving anybody. */
public final class PolicyTrial {

    private PolicyTrial() {}

    /** Trials of this policy, by these settings. */
    public static Trials of(PosternConfig config, Policy policy) {
        return new Trials(
                policy,
                SourceSettingsReader.read(config),
                new Gate(config.region(), config.referUrl().map(URI::toString)));
    }
}
