package dev.postern.setup;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedId;
import dev.postern.feed.FeedReview;
import dev.postern.feed.FeedState;
import dev.postern.feed.Feeds;
import dev.postern.feed.Feeds.Tolerance;
import dev.postern.feed.load.Asking;
import dev.postern.feed.load.FeedFolder;
import dev.postern.feed.load.FeedStatus;
import dev.postern.feed.load.Finding;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Similar;
import dev.postern.policy.load.PolicySource;
import dev.postern.policy.load.PolicyStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The feeds of a policy, for commands: the server's copies are looked at, and never changed. */
public final class FeedDesk {

    private final FeedSettings settings;
    private final InstantSource clock = InstantSource.system();
    private final FeedFolder folder;
    private final List<FeedDeclaration> feeds;

    private final Feeds held;
    private final FeedReview review;

    private FeedDesk(FeedSettings settings, List<FeedDeclaration> feeds, Feeds held, FeedReview review) {
        this.settings = settings;
        this.folder = settings.folder();
        this.feeds = feeds;
        this.held = held;
        this.review = review;
    }

    /** The desk for the policy at this path or URL, or the one that the settings name. */
    public static FeedDesk open(PosternConfig config, Optional<String> location) {
        FeedSettings settings = FeedSettings.read(config);
        KeptFeeds kept = new KeptFeeds(settings, InstantSource.system(), Tolerance.EVERYWHERE);
        // Whoever looks at feeds may do so because the policy is broken by them.
        PolicyCompiler compiler = House.compiler(config);
        PolicySource source = PolicyCheck.source(config, location, compiler);
        PolicyStore unreviewed = PolicyCheck.store(source, compiler, kept, (policy, now) -> List.of());
        unreviewed.refresh();
        if (unreviewed.state().inForce().isEmpty()) {
            throw new StartFault("the policy cannot be used:\n"
                    + unreviewed.state().rejection().orElse("nothing was read"));
        }
        PolicyStore store = PolicyCheck.store(
                source, compiler, kept, PolicyReview.of(House.gate(config), SourceSettingsReader.read(config)));
        store.refresh();
        return new FeedDesk(settings, kept.followed(), kept.snapshot(), store::objection);
    }

    /** The feeds of these zones, or all where none is named. */
    public List<FeedDeclaration> feeds(List<String> zones) {
        if (zones.isEmpty()) {
            return feeds;
        }
        Map<String, FeedDeclaration> byZone = new LinkedHashMap<>();
        feeds.forEach(feed -> byZone.put(feed.zone(), feed));
        List<FeedDeclaration> named = new ArrayList<>();
        for (String zone : zones) {
            FeedDeclaration feed = byZone.get(zone);
            if (feed == null) {
                throw new StartFault("no zone '" + zone + "' of the policy follows a feed"
                        + Similar.to(zone, byZone.keySet())
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(
                                        byZone.isEmpty()
                                                ? ""
                                                : "; those that do: " + String.join(", ", byZone.keySet())));
            }
            named.add(feed);
        }
        return named;
    }

    /** The feed as the server's copy has it. */
    public FeedStatus kept(FeedDeclaration feed, Consumer<String> trouble) {
        FeedState state = folder.load(feed, clock.instant(), trouble);
        return new FeedStatus(feed, state, state.isStale(feed.rules(), clock.instant()));
    }

    /** What the publishers say now: for each feed the state that it would come to from the copy. */
    public Map<FeedId, FeedState> ask(List<FeedDeclaration> asked, Consumer<String> trouble) {
        Vertx vertx = PolicyDesk.vertx();
        try (HttpsFetcher fetcher = settings.fetcher(vertx, trust(), clock)) {
            Path answers = Files.createTempDirectory("postern-feeds");
            try {
                return ask(
                        asked,
                        new Asking(fetcher, new FeedFolder(answers, settings.limits()), settings.limits(), clock),
                        trouble);
            } finally {
                Files.delete(answers);
            }
        } catch (IOException e) {
            throw new StartFault("there is no room for answers in the directory for temporary files ("
                    + e.getClass().getSimpleName() + ")");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private HttpClientOptions trust() {
        return FetchTrust.of(FeedSettings.TLS, settings.config().feeds().tlsConfigurationName(), Settings.raw());
    }

    private Map<FeedId, FeedState> ask(List<FeedDeclaration> asked, Asking asking, Consumer<String> trouble) {
        Map<String, List<FeedDeclaration>> byPlace = new LinkedHashMap<>();
        asked.forEach(feed -> byPlace.computeIfAbsent(feed.location().exact(), place -> new ArrayList<>())
                .add(feed));
        Map<FeedId, FeedState> states = new HashMap<>();
        for (List<FeedDeclaration> together : byPlace.values()) {
            Map<FeedId, Finding> findings = asking.ask(together.getFirst().location(), together, Validators.NONE);
            for (FeedDeclaration feed : together) {
                FeedState kept = folder.load(feed, clock.instant(), trouble);
                states.put(
                        feed.id(),
                        Optional.ofNullable(findings.get(feed.id()))
                                .map(finding -> finding.after(kept, feed.rules(), clock.instant()))
                                .map(next -> next.reviewed(kept, feed.id(), held, review))
                                .orElse(kept));
            }
        }
        return states;
    }

    /** Leaves word for the server that what is held back is accepted. */
    public void accept(FeedDeclaration feed, FeedState.HeldBack held) {
        try {
            folder.accept(feed.id(), held.copy().digest());
        } catch (IOException e) {
            throw new StartFault("cannot write to " + folder.directory() + " ("
                    + e.getClass().getSimpleName() + "); run this as the user that the server runs as");
        }
    }
}
