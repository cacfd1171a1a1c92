package dev.postern.setup;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedFollower;
import dev.postern.feed.FeedId;
import dev.postern.feed.FeedLocation;
import dev.postern.feed.FeedState;
import dev.postern.feed.Feeds;
import dev.postern.feed.Feeds.Tolerance;
import dev.postern.feed.load.Asking;
import dev.postern.feed.load.FeedFolder;
import dev.postern.feed.load.Finding;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.Fetched;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a command knows of feeds: the server's copies, and the files beside the policy. No publisher is asked. */
final class KeptFeeds implements FeedFollower {

    private final FeedFolder folder;
    private final Asking asking;
    private final InstantSource clock;
    private final Tolerance tolerance;
    private List<FeedDeclaration> followed = List.of();
    private Feeds snapshot = Feeds.none();
    private final List<String> troubles = new ArrayList<>();

    /**
     * The feeds of these settings.
     *
     * @param tolerance where rules may do without a feed of which there is no copy
     */
    KeptFeeds(FeedSettings settings, InstantSource clock, Tolerance tolerance) {
        this.folder = settings.folder();
        this.asking = new Asking(
                (url, known, into) -> new Fetched.Failed("is not asked by this command"),
                folder,
                settings.limits(),
                clock);
        this.clock = clock;
        this.tolerance = tolerance;
    }

    @Override
    public Feeds snapshot() {
        return snapshot;
    }

    @Override
    public void follow(Collection<FeedDeclaration> feeds) {
        if (followed.equals(List.copyOf(feeds))) {
            return;
        }
        followed = List.copyOf(feeds);
        Map<FeedId, Feeds.Content> contents = new LinkedHashMap<>();
        Instant now = clock.instant();
        for (FeedDeclaration feed : feeds) {
            FeedState state = state(feed);
            contents.put(
                    feed.id(),
                    switch (state.content(feed.rules(), now)) {
                        case Feeds.Had had -> had;
                        case Feeds.Missing missing ->
                            new Feeds.Missing(
                                    state.detail().isEmpty()
                                            ? "there is no copy of it in " + folder.directory()
                                            : missing.why(),
                                    tolerance);
                    });
        }
        snapshot = Feeds.of(contents);
    }

    /** What the server's copy of the feed is, or the file would make of it. */
    FeedState state(FeedDeclaration feed) {
        Instant now = clock.instant();
        FeedState kept = folder.load(feed, now, troubles::add);
        return switch (feed.location()) {
            case FeedLocation.Url url -> kept;
            case FeedLocation.LocalFile file ->
                Optional.ofNullable(
                                asking.ask(file, List.of(feed), Validators.NONE).get(feed.id()))
                        .map((Finding finding) -> finding.after(kept, feed.rules(), now))
                        .orElse(kept);
        };
    }

    /** The feeds of the policy that was read. */
    List<FeedDeclaration> followed() {
        return followed;
    }

    /** Which copies cannot be used. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }
}
