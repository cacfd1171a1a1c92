package dev.postern.setup;

import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Reads a policy as the server would, without serving it. */
public final class PolicyCheck {

    private PolicyCheck() {}

    /** What became of it. */
    public sealed interface Result {}

    /** The server would take it. */
    public record Usable(Policy policy) implements Result {}

    /** The server would not take it. */
    public record Unusable(String why) implements Result {}

    /** Reads the policy at the path, or the one that the settings name. */
    public static Result run(PosternConfig config, Optional<Path> path) {
        Path chosen = path.or(config::policy)
                .orElseThrow(() -> new StartFault("no policy is configured; name one: postern policy check PATH"));
        PolicyStore store = new PolicyStore(
                chosen, House.compiler(SourceSettingsReader.read(config)), InstantSource.system(), change -> {});
        store.refresh();
        PolicyStore.State state = store.state();
        return state.inForce()
                .<Result>map(Usable::new)
                .orElseGet(() -> new Unusable(state.rejection().orElse("nothing was read")));
    }
}
