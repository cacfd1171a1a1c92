package dev.postern.setup;

import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.bundle.BundleAsking;
import dev.postern.policy.bundle.BundleKeeper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** The server's bundle: its keeper, and who works for it. */
final class BundleService implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger("dev.postern.policy.bundle");

    private final HttpsFetcher fetcher;
    private final ExecutorService worker;
    private final BundleKeeper keeper;
    private final Duration startTimeout;

    BundleService(
            BundleSettings settings,
            PolicyCompiler compiler,
            Vertx vertx,
            HttpClientOptions trust,
            InstantSource clock) {
        this.startTimeout = settings.config().bundle().startTimeout();
        this.fetcher = settings.fetcher(vertx, trust, clock);
        this.worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("postern-bundle").factory());
        this.keeper = new BundleKeeper(
                new BundleAsking(settings.question(), fetcher),
                settings.folder(),
                settings.rules(),
                compiler,
                clock,
                worker,
                RandomGenerator.getDefault(),
                LOG::warn);
    }

    BundleKeeper keeper() {
        return keeper;
    }

    /** Asks for the first time; where there is no copy, the server has a while to answer. */
    void begin() {
        keeper.tick();
        if (keeper.isHeld()) {
            return;
        }
        try {
            keeper.awaitFirst(startTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void tick() {
        keeper.tick();
    }

    @Override
    public void close() {
        worker.shutdownNow();
        fetcher.close();
    }
}
