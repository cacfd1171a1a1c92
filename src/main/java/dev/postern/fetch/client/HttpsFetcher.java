package dev.postern.fetch.client;

import dev.postern.address.Address;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.Validators;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks over HTTPS, and over nothing else.
 *
 * <p>The name is resolved once, every address that it has must be a public one, and the connection is made to just these
 * addresses, the certificate being that of the name: what a name means later makes no difference. Redirects are followed
 * to the same host alone. The answer goes to a file, no further than the limit, and the whole of it has one time limit.
 */
public final class HttpsFetcher implements Fetcher, AutoCloseable {

    private static final int MAX_REDIRECTS = 3;
    private static final int MAX_HEADERS = 32 * 1024;

    private final Vertx vertx;
    private final HttpClient client;
    private final Limits limits;
    private final PublicAddresses publicAddresses;
    private final Resolver resolver;
    private final InstantSource clock;

    /**
     * What an answer may cost.
     *
     * @param connect the time for a connection to one of its addresses
     * @param total the time for all of it
     * @param bytes the size of an answer, as it comes, unless a manner says otherwise
     */
    public record Limits(Duration connect, Duration total, long bytes) {}

    /**
     * How one resource is asked for.
     *
     * @param accept the kinds of it that are of use ({@code Accept})
     * @param compressed whether it may come compressed ({@code Accept-Encoding}); if not, its bytes are taken as they come
     * @param bearer the credential for whoever is at that host and port; never shown
     * @param bytes the size of an answer, as it comes
     */
    public record Manner(String accept, boolean compressed, Optional<String> bearer, long bytes) {
        /** Without the credential. */
        @Override
        public String toString() {
            return accept + ", at most " + bytes + " bytes";
        }
    }

    /** What a name means: {@link InetAddress#getAllByName}. */
    @FunctionalInterface
    public interface Resolver {
        /** All addresses of the name. */
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    /**
     * A fetcher with a client of its own.
     *
     * @param tls whose certificates are trusted; what concerns HTTP is set here
     */
    public HttpsFetcher(
            Vertx vertx,
            HttpClientOptions tls,
            Limits limits,
            PublicAddresses publicAddresses,
            Resolver resolver,
            InstantSource clock) {
        this.vertx = vertx;
        this.limits = limits;
        this.publicAddresses = publicAddresses;
        this.resolver = resolver;
        this.clock = clock;
        this.client = vertx.createHttpClient(new HttpClientOptions(tls)
                .setSsl(true)
                .setTrustAll(false)
                .setVerifyHost(true)
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setMaxHeaderSize(MAX_HEADERS)
                .setDecompressionSupported(false)
                .setKeepAliveTimeout(30)
                .setMaxPoolSize(2)
                .setConnectTimeout((int) limits.connect().toMillis())
                .setName("postern-fetch"));
    }

    /** One answer on the way: an answer for good, or the next place to ask. */
    private sealed interface Step {}

    private record Done(Fetched fetched) implements Step {}

    private record Redirected(String location) implements Step {}

    /** The connection could not be made: another of the publisher's addresses may do. */
    private record NotConnected(String why) implements Step {}

    @Override
    public Fetched fetch(HttpsUrl url, Validators known, Path into) {
        return fetch(
                url,
                known,
                new Manner("application/json, text/plain;q=0.9, */*;q=0.5", true, Optional.empty(), limits.bytes()),
                into);
    }

    /** The same in another manner: redirects are followed at the same host and port alone, and so is the credential. */
    public Fetched fetch(HttpsUrl url, Validators known, Manner manner, Path into) {
        long deadline = System.nanoTime() + limits.total().toNanos();
        List<Address> addresses;
        switch (AskedAddresses.of(url, publicAddresses, resolver)) {
            case AskedAddresses.May may -> addresses = may.addresses();
            case AskedAddresses.MayNot not -> {
                return new Fetched.Failed(not.why());
            }
        }
        HttpsUrl next = url;
        for (int redirects = 0; ; redirects++) {
            switch (ask(next, addresses, known, manner, into, deadline)) {
                case Done done -> {
                    return done.fetched();
                }
                case NotConnected none -> {
                    return new Fetched.Failed(none.why());
                }
                case Redirected redirected -> {
                    Optional<HttpsUrl> target = sameHost(next, redirected.location());
                    if (target.isEmpty()) {
                        return new Fetched.Failed(
                                "answered with a redirect to another place; followed is only https on " + url.host()
                                        + ", port " + url.port());
                    }
                    if (redirects == MAX_REDIRECTS) {
                        return new Fetched.Failed("answered with more than " + MAX_REDIRECTS + " redirects");
                    }
                    next = target.get();
                }
            }
        }
    }

    private static Optional<HttpsUrl> sameHost(HttpsUrl from, String location) {
        try {
            String resolved = from.uri().resolve(URI.create(location)).toString();
            return HttpsUrl.read(resolved) instanceof HttpsUrl.Understood(HttpsUrl to) && to.isBeside(from)
                    ? Optional.of(to)
                    : Optional.empty();
        } catch (IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }

    private Step ask(HttpsUrl url, List<Address> addresses, Validators known, Manner manner, Path into, long deadline) {
        Step last = new NotConnected(url.host() + " has no address");
        for (Address address : addresses.subList(0, Math.min(addresses.size(), AskedAddresses.MOST))) {
            last = ask(url, address, known, manner, into, deadline);
            if (!(last instanceof NotConnected)) {
                return last;
            }
        }
        return last;
    }

    private Step ask(HttpsUrl url, Address address, Validators known, Manner manner, Path into, long deadline) {
        Ongoing ongoing = new Ongoing();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(url.port(), address.toString()))
                .setSsl(true)
                .setHost(url.host())
                .setPort(url.port())
                .setURI(url.target())
                .putHeader("user-agent", "postern")
                .putHeader("accept", manner.accept())
                .putHeader("accept-encoding", manner.compressed() ? "gzip" : "identity");
        manner.bearer().ifPresent(token -> options.putHeader("authorization", "Bearer " + token));
        known.etag().ifPresent(etag -> options.putHeader("if-none-match", etag));
        known.lastModified().ifPresent(date -> options.putHeader("if-modified-since", date));
        Future<Step> step = client.request(options)
                .compose(
                        request -> {
                            ongoing.began(request);
                            return request.send()
                                    .compose(answer -> new AnswerReader(vertx, manner.bytes(), clock)
                                            .read(request, answer, !known.isEmpty(), into)
                                            .map(HttpsFetcher::step));
                        },
                        notConnected -> Future.succeededFuture(
                                new NotConnected("cannot be connected to at " + address + ": " + words(notConnected))));
        try {
            return step.toCompletionStage()
                    .toCompletableFuture()
                    .get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            ongoing.giveUp();
            return failed("did not answer whole within " + limits.total().toSeconds() + " s");
        } catch (InterruptedException e) {
            ongoing.giveUp();
            Thread.currentThread().interrupt();
            return failed("was not waited for: Postern stops");
        } catch (ExecutionException e) {
            return failed("broke the answer off: " + words(e));
        }
    }

    /** A request that may have to be given up, also before there is a connection for it. */
    private static final class Ongoing {
        private Optional<HttpClientRequest> request = Optional.empty();
        private boolean givenUp;

        synchronized void began(HttpClientRequest begun) {
            // The answer's future says the same; what nobody handles, Vert.x would log.
            begun.exceptionHandler(failure -> {});
            request = Optional.of(begun);
            if (givenUp) {
                begun.reset();
            }
        }

        synchronized void giveUp() {
            givenUp = true;
            request.ifPresent(HttpClientRequest::reset);
        }
    }

    private static Step step(AnswerReader.Answer answer) {
        return switch (answer) {
            case AnswerReader.Complete complete -> new Done(complete.fetched());
            case AnswerReader.Elsewhere elsewhere -> new Redirected(elsewhere.location());
        };
    }

    private static Done failed(String why) {
        return new Done(new Fetched.Failed(why));
    }

    /** The kind of a failure, and the first words of what it says: it may have some of the other side's. */
    private static String words(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String message =
                deepest.getMessage() == null ? "" : ": " + deepest.getMessage().replaceAll("\\p{Cc}", "?");
        return deepest.getClass().getSimpleName()
                + (message.length() > 120 ? message.substring(0, 120) + "…" : message);
    }

    /** Ends the client's connections. */
    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }
}
