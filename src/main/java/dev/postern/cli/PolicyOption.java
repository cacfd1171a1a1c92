package dev.postern.cli;

import dev.postern.feed.Feeds.Tolerance;
import dev.postern.policy.Policy;
import dev.postern.setup.PolicyCheck;
import dev.postern.setup.PosternConfig;
import dev.postern.setup.StartFault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option by which a command finds the policy that it decides by. */
final class PolicyOption {

    @Option(
            names = "--policy",
            paramLabel = "PATH",
            description = "The policy: a file, a directory of *.yaml, or a bundle. Default: postern.policy.")
    @Nullable
    String path;

    /** The policy; a {@link StartFault} where it could not be used. */
    Policy load(PosternConfig config) {
        return switch (PolicyCheck.run(config, Optional.ofNullable(path), Tolerance.IN_ALLOW_LISTS)) {
            case PolicyCheck.Usable usable -> usable.policy();
            case PolicyCheck.Unusable unusable -> throw new StartFault("the policy cannot be used:\n" + unusable.why());
        };
    }
}
