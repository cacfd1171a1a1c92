package dev.postern.policy.bundle;

import dev.postern.feed.FeedFollower;
import dev.postern.feed.Samples;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.policy.Account;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import dev.postern.policy.bundle.BundleAsking.Question;
import dev.postern.policy.bundle.BundleAsking.Signing;
import dev.postern.policy.bundle.BundleKeeper.Rules;
import dev.postern.policy.load.PolicyStore;
import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A store, its bundle and the server that has it, with real TLS between them, a clock that stands still until it is told
 * otherwise, and a worker that does its work at once. An account of the name {@code forbidden} is against the invariants.
 */
public final class FollowedBundle implements AutoCloseable {

    static final String NAME = "policies.example.test";
    static final int MOST = 100_000;
    static final int MOST_EXPANDED = 1_000_000;

    private static final Vertx VERTX = Vertx.vertx();
    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Test Authority");

    final List<PolicyStore.Change> changes = new ArrayList<>();
    final List<String> copyTroubles = new ArrayList<>();
    final Path data;
    Publisher server = new Publisher(AUTHORITY.serverFor(NAME));
    Instant now = Instant.parse("2026-06-01T12:00:00Z");

    Optional<VerifyingKey> key = Optional.empty();
    Optional<String> signature = Optional.empty();
    Optional<Path> token = Optional.empty();
    boolean refuseOlder;
    String allowed = "127.0.0.0/8";
    String target = "/postern.tar.gz?version=s3cret";
    Duration patience = Duration.ofSeconds(20);

    private final List<HttpsFetcher> fetchers = new ArrayList<>();
    BundleKeeper keeper;
    PolicyStore store;

    /** A bundle whose copy is in a directory of this one. */
    public FollowedBundle(Path data) {
        this.data = data;
        start();
    }

    /** Another life, by what is set now and with what is on disk. */
    void start() {
        copyTroubles.clear();
        HttpsUrl url = url(target);
        HttpsFetcher fetcher = new HttpsFetcher(
                VERTX,
                new HttpClientOptions()
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(AUTHORITY.pem()))),
                new HttpsFetcher.Limits(patience, patience, MOST),
                new PublicAddresses(
                        "postern.bundle.allowed-private-addresses",
                        Samples.set(allowed).ranges()),
                name -> {
                    if (!name.endsWith(".test")) {
                        throw new UnknownHostException(name);
                    }
                    return new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, 1})};
                },
                () -> now);
        fetchers.add(fetcher);
        PolicyCompiler compiler = new PolicyCompiler(Set.of());
        keeper = new BundleKeeper(
                new BundleAsking(
                        new Question(
                                url,
                                key.map(it -> new Signing(
                                        it, signature.map(FollowedBundle::read).orElse(url("/postern.tar.gz.sig")))),
                                token,
                                MOST,
                                MOST_EXPANDED),
                        fetcher),
                new BundleFolder(data.resolve("bundle"), url, MOST),
                new Rules(Duration.ofSeconds(30), refuseOlder),
                compiler,
                () -> now,
                Runnable::run,
                new Random(1),
                copyTroubles::add);
        store = new PolicyStore(
                keeper,
                compiler,
                FeedFollower.NOBODY,
                (policy, at) -> policy.account("forbidden").isPresent()
                        ? List.of(new Problem(
                                Problem.Severity.ERROR, new Position("invariants", 1, 1), "must-refuse is broken"))
                        : List.of(),
                () -> now,
                changes::add);
    }

    private HttpsUrl url(String to) {
        return read("https://" + NAME + ":" + server.port() + to);
    }

    private static HttpsUrl read(String url) {
        return ((HttpsUrl.Understood) HttpsUrl.read(url)).url();
    }

    /** Where the bundle is. */
    public String where() {
        return url(target).exact();
    }

    /** What problems call the bundle. */
    String name() {
        return url("/postern.tar.gz").text();
    }

    /** Asks, and looks at what came of it. */
    public void ask() {
        now = now.plusSeconds(3600);
        keeper.tick();
        store.refresh();
    }

    /** From now on, these documents are the bundle: names and texts in turn. */
    public void has(String... namesAndTexts) {
        server.answers(Publisher.says(Archives.of(namesAndTexts)));
    }

    void has(byte[] bundle, String sig) {
        server.answers((request, out) -> (request.target().startsWith("/postern.tar.gz.sig")
                        ? Publisher.says(sig)
                        : Publisher.says(bundle))
                .write(request, out));
    }

    /** The server is gone, and its port is nobody's. */
    void die() {
        server.close();
    }

    void revive() {
        server = new Publisher(AUTHORITY.serverFor(NAME), server.port());
    }

    List<String> accounts() {
        return store.state()
                .inForce()
                .map(policy ->
                        policy.accounts().stream().map(Account::name).sorted().toList())
                .orElse(List.of());
    }

    String rejection() {
        return store.state().rejection().orElse("");
    }

    static String policy(String account) {
        return "accounts: {" + account + ": {namespaces: [" + account + "]}}\n";
    }

    /** What is on disk: nothing but the copy. */
    List<String> files() throws IOException {
        if (!Files.exists(data.resolve("bundle"))) {
            return List.of();
        }
        try (var files = Files.list(data.resolve("bundle"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() {
        server.close();
        fetchers.forEach(HttpsFetcher::close);
    }
}
