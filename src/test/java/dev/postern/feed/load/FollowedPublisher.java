package dev.postern.feed.load;

import dev.postern.address.AddressRange;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedLocation;
import dev.postern.feed.FeedLocation.Understood;
import dev.postern.feed.FeedParser;
import dev.postern.feed.FeedRules;
import dev.postern.feed.FeedRules.WhenStale;
import dev.postern.feed.FeedState;
import dev.postern.feed.Feeds;
import dev.postern.feed.Samples;
import dev.postern.feed.Selection;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A keeper and its publisher, with real TLS between them, a clock that stands still until it is told otherwise, and
 * workers that do their work at once.
 */
final class FollowedPublisher implements AutoCloseable {

    static final String NAME = "feeds.example.test";
    static final Instant START = Instant.parse("2026-06-01T12:00:00Z");
    static final FeedParser.Limits LIMITS = new FeedParser.Limits(200_000, 5_000);

    /** One for all: its threads are its own, and a start costs more than most tests. */
    private static final Vertx VERTX = Vertx.vertx();

    static final TestAuthority AUTHORITY = new TestAuthority("CN=Test Authority");

    final Publisher publisher = new Publisher(AUTHORITY.serverFor(NAME));
    final List<FeedEvent> events = new ArrayList<>();
    final Map<String, List<String>> names = new ConcurrentHashMap<>(Map.of(NAME, List.of("127.0.0.1")));
    final List<String> resolved = new ArrayList<>();
    final FeedFolder folder;
    private final List<HttpsFetcher> fetchers = new ArrayList<>();
    private final String allowed;
    private HttpsFetcher fetcher;
    private Instant now = START;
    FeedKeeper keeper;

    FollowedPublisher(Path directory) {
        this(directory, "127.0.0.0/8");
    }

    FollowedPublisher(Path directory, String allowed) {
        this.folder = new FeedFolder(directory, LIMITS);
        this.allowed = allowed;
        this.fetcher = fetcher(Duration.ofSeconds(20));
        this.keeper = newKeeper();
    }

    private HttpsFetcher fetcher(Duration timeout) {
        List<AddressRange> ranges =
                allowed.isEmpty() ? List.of() : Samples.set(allowed).ranges();
        HttpsFetcher made = new HttpsFetcher(
                VERTX,
                new HttpClientOptions()
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(AUTHORITY.pem()))),
                new HttpsFetcher.Limits(timeout, timeout, LIMITS.bytes()),
                new PublicAddresses("postern.feeds.allowed-private-addresses", ranges),
                this::resolve,
                () -> now);
        fetchers.add(made);
        return made;
    }

    /** From now on, an answer may take a second. */
    void losePatience() {
        fetcher = fetcher(Duration.ofSeconds(1));
    }

    private InetAddress[] resolve(String name) throws UnknownHostException {
        resolved.add(name);
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : names.getOrDefault(name, List.of())) {
            // A literal: nothing is asked for it.
            addresses.add(InetAddress.getByName(address));
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return addresses.toArray(InetAddress[]::new);
    }

    private FeedKeeper newKeeper() {
        return new FeedKeeper(
                folder,
                new Asking((url, known, into) -> fetcher.fetch(url, known, into), folder, LIMITS, () -> now),
                () -> now,
                Runnable::run,
                new Random(1),
                events::add);
    }

    /** Another life, with what is on disk. */
    void restart() {
        keeper = newKeeper();
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
        keeper.tick();
    }

    /** Goes on to when the publisher is asked again, also after failures. */
    void passRefresh() {
        pass(Duration.ofMinutes(90));
    }

    FeedDeclaration feed(String zone, FeedRules rules) {
        return feed(zone, new Selection.GithubMeta("actions"), "/meta", rules);
    }

    FeedDeclaration feed(String zone) {
        return feed(zone, FeedRules.DEFAULTS);
    }

    FeedDeclaration feed(String zone, Selection selection, String target, FeedRules rules) {
        FeedLocation.Syntax url = FeedLocation.url("https://" + NAME + ":" + publisher.port() + target);
        return new FeedDeclaration(zone, selection, ((Understood) url).location(), rules);
    }

    static FeedRules rules(Optional<Duration> maxAge, WhenStale whenStale, int maxShrink) {
        return new FeedRules(Duration.ofHours(1), maxAge, whenStale, maxShrink, 400, false);
    }

    static String meta(String... prefixes) {
        return "{\"hooks\": [\"198.51.100.0/24\"], \"actions\": [\"" + String.join("\", \"", prefixes) + "\"]}";
    }

    FeedState state(FeedDeclaration feed) {
        return keeper.statuses().stream()
                .filter(each -> each.feed().id().equals(feed.id()))
                .findFirst()
                .orElseThrow()
                .state();
    }

    /** What a policy would see of the feed; nothing where it has never been had. */
    List<String> seen(FeedDeclaration feed) {
        return switch (keeper.snapshot().of(feed.id())) {
            case Feeds.Had had ->
                had.addresses().ranges().stream().map(AddressRange::toString).toList();
            case Feeds.Missing missing -> List.of();
        };
    }

    List<String> troubles() {
        return events.stream()
                .filter(FeedEvent.CopyTrouble.class::isInstance)
                .map(event -> ((FeedEvent.CopyTrouble) event).why())
                .toList();
    }

    @Override
    public void close() {
        publisher.close();
        fetchers.forEach(HttpsFetcher::close);
    }
}
