package dev.postern.setup;

import dev.postern.feed.FeedParser;
import dev.postern.feed.load.FeedFolder;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What the settings say of feeds, checked. */
record FeedSettings(PosternConfig config, FeedParser.Limits limits, PublicAddresses publicAddresses) {

    static final String TLS = "postern.feeds.tls-configuration-name";

    private static final String PREFIX = "postern.feeds.";
    private static final long LEAST_SIZE = 1024;
    private static final long MOST_SIZE = 1024 * 1024 * 1024;

    static FeedSettings read(PosternConfig config) {
        PosternConfig.Feeds feeds = config.feeds();
        Bounds.check(PREFIX + "timeout", feeds.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(10));
        Bounds.check(PREFIX + "connect-timeout", feeds.connectTimeout(), Duration.ofMillis(100), Duration.ofMinutes(1));
        Bounds.check(PREFIX + "start-timeout", feeds.startTimeout(), Duration.ZERO, Duration.ofMinutes(10));
        long size = feeds.maxSize().asLongValue();
        if (size < LEAST_SIZE || size > MOST_SIZE) {
            throw new StartFault(PREFIX + "max-size is " + size + " bytes; expected 1K to 1G");
        }
        if (feeds.maxPrefixes() < 1) {
            throw new StartFault(PREFIX + "max-prefixes is " + feeds.maxPrefixes() + "; expected 1 or more");
        }
        return new FeedSettings(
                config,
                new FeedParser.Limits(size, feeds.maxPrefixes()),
                publicAddresses(
                        PREFIX + "allowed-private-addresses",
                        feeds.allowedPrivateAddresses().orElse(List.of())));
    }

    static PublicAddresses publicAddresses(String setting, List<String> allowed) {
        return new PublicAddresses(setting, SourceSettingsReader.ranges(setting, allowed));
    }

    /** The copies under the data directory. */
    FeedFolder folder() {
        return new FeedFolder(config.data().toAbsolutePath().resolve("feeds"), limits);
    }

    /** A fetcher that trusts these certificates. */
    HttpsFetcher fetcher(Vertx vertx, HttpClientOptions trust, InstantSource clock) {
        return new HttpsFetcher(
                vertx,
                trust,
                new HttpsFetcher.Limits(
                        config.feeds().connectTimeout(), config.feeds().timeout(), limits.bytes()),
                publicAddresses,
                InetAddress::getAllByName,
                clock);
    }
}
