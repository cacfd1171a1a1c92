package dev.postern.setup;

import dev.postern.feed.load.Asking;
import dev.postern.feed.load.FeedEvent;
import dev.postern.feed.load.FeedFolder;
import dev.postern.feed.load.FeedKeeper;
import dev.postern.fetch.client.HttpsFetcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** The feeds of the server: their keeper, those who work for it, and what is told of them. */
final class FeedService implements AutoCloseable {

    /** So many publishers are asked at once. */
    private static final int WORKERS = 4;

    private final FeedKeeper keeper;
    private final HttpsFetcher fetcher;
    private final ExecutorService workers;
    private final FeedMeters meters;
    private final FeedLog log = new FeedLog();
    private final InstantSource clock;

    FeedService(
            FeedSettings settings, Vertx vertx, HttpClientOptions trust, MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        this.meters = new FeedMeters(registry);
        this.fetcher = settings.fetcher(vertx, trust, clock);
        this.workers = Executors.newFixedThreadPool(
                WORKERS, Thread.ofPlatform().daemon().name("postern-feeds-", 0).factory());
        FeedFolder folder = settings.folder();
        this.keeper = new FeedKeeper(
                folder,
                new Asking(fetcher, folder, settings.limits(), clock),
                clock,
                workers,
                RandomGenerator.getDefault(),
                this::tell);
    }

    private void tell(FeedEvent event) {
        log.accept(event);
        meters.count(event);
    }

    FeedKeeper keeper() {
        return keeper;
    }

    /** Looks at the clock and at files, and shows how things are. */
    void tick() {
        keeper.tick();
        meters.show(keeper.statuses(), clock.instant());
    }

    @Override
    public void close() {
        workers.shutdownNow();
        fetcher.close();
    }
}
