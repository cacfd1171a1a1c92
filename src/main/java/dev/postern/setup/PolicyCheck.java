package dev.postern.setup;

import dev.postern.feed.Feeds.Tolerance;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Problem;
import dev.postern.policy.load.PasswordFiles;
import dev.postern.policy.load.PolicySource;
import dev.postern.policy.load.PolicyStore;
import dev.postern.policy.load.Review;
import dev.postern.source.SourceSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a policy as the server would, without serving it. */
public final class PolicyCheck {

    private PolicyCheck() {}

    /** What became of it. */
    public sealed interface Result {}

    /** The server would take it. */
    public record Usable(Policy policy, List<String> warnings) implements Result {
        /** Keeps its own copy. */
        public Usable {
            warnings = List.copyOf(warnings);
        }
    }

    /** The server would not take it. */
    public record Unusable(String why) implements Result {}

    /**
     * Reads the policy at this path or URL, or the one that the settings name, with the feeds of which there are copies.
     *
     * @param withoutFeeds where rules may do without a feed of which there is none
     */
    public static Result run(PosternConfig config, Optional<String> location, Tolerance withoutFeeds) {
        return run(config, location, new KeptFeeds(FeedSettings.read(config), InstantSource.system(), withoutFeeds));
    }

    static Result run(PosternConfig config, Optional<String> location, KeptFeeds feeds) {
        SourceSettings settings = SourceSettingsReader.read(config);
        PolicyCompiler compiler = House.compiler(config);
        PolicyStore store = store(
                source(config, location, compiler), compiler, feeds, PolicyReview.of(House.gate(config), settings));
        store.refresh();
        PolicyStore.State state = store.state();
        return state.inForce()
                .<Result>map(policy -> new Usable(
                        policy,
                        Stream.of(
                                        state.warnings().stream().map(Problem::toString),
                                        OverlapCheck.run(policy, settings).stream(),
                                        feeds.troubles().stream())
                                .flatMap(warnings -> warnings)
                                .toList()))
                .orElseGet(() -> new Unusable(state.rejection().orElse("nothing was read")));
    }

    static PolicySource source(PosternConfig config, Optional<String> location, PolicyCompiler compiler) {
        String chosen = location.or(config::policy)
                .orElseThrow(() -> new StartFault("no policy is configured; name one: postern policy check PATH"));
        return PasswordFiles.beside(
                PolicyDesk.open(config, chosen, compiler),
                CredentialSettings.read(config).passwordFiles(),
                compiler);
    }

    static PolicyStore store(PolicySource source, PolicyCompiler compiler, KeptFeeds feeds, Review review) {
        return new PolicyStore(source, compiler, feeds, review, InstantSource.system(), change -> {});
    }
}
