package dev.postern.identity.oidc;

import dev.postern.address.Address;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.AskedAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.federation.SaidClaims.Text;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Exchanges codes at an issuer's token endpoint (RFC 6749, section 4.1.3): over HTTPS, at addresses that may be asked, without
 * redirects, and with the answer in memory alone.
 */
final class CodeExchange implements AutoCloseable {

    private static final int MOST = 64 * 1024;
    private static final int CONNECTIONS = 4;
    private static final int WAITING = 32;

    private final HttpClient client;
    private final HttpsFetcher.Limits limits;
    private final PublicAddresses allowed;
    private final HttpsFetcher.Resolver resolver;

    /** What became of it. */
    sealed interface Outcome {}

    /** The issuer gave an ID token. */
    record Given(String idToken) implements Outcome {
        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Given[…]";
        }
    }

    /** The issuer does not take the code, or the client. */
    record Refused(int status) implements Outcome {}

    /** Nothing of use; {@code why} is a predicate of the endpoint. */
    record Silent(String why) implements Outcome {}

    CodeExchange(
            Vertx vertx,
            HttpClientOptions trust,
            HttpsFetcher.Limits limits,
            PublicAddresses allowed,
            HttpsFetcher.Resolver resolver) {
        this.limits = limits;
        this.allowed = allowed;
        this.resolver = resolver;
        this.client = vertx.createHttpClient(new HttpClientOptions(trust)
                .setSsl(true)
                .setTrustAll(false)
                .setVerifyHost(true)
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setDecompressionSupported(false)
                .setKeepAlive(false)
                .setMaxPoolSize(CONNECTIONS)
                .setMaxWaitQueueSize(WAITING)
                .setConnectTimeout((int) limits.connect().toMillis())
                .setName("postern-codes"));
    }

    /**
     * Exchanges a code; takes as long as the limits say, and no longer.
     *
     * @param authorization the client's credential, where it goes into the header
     */
    Outcome exchange(HttpsUrl endpoint, Optional<String> authorization, String form) {
        return switch (AskedAddresses.of(endpoint, allowed, resolver)) {
            case AskedAddresses.MayNot not -> new Silent(not.why());
            case AskedAddresses.May may -> {
                try {
                    yield connect(endpoint, may.addresses(), 0, authorization)
                            .compose(request -> request.send(Buffer.buffer(form)))
                            .compose(CodeExchange::answer)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(limits.total().toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    yield new Silent("does not answer in time");
                } catch (ExecutionException e) {
                    // Of a failure, what it is; its message may have some of the other side's.
                    yield e.getCause() instanceof WholeBody.TooLong
                            ? new Silent("answers with more than " + MOST + " bytes")
                            : new Silent("cannot be asked ("
                                    + Optional.ofNullable(e.getCause())
                                            .orElse(e)
                                            .getClass()
                                            .getSimpleName() + ")");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield new Silent("was not waited for: Postern stops");
                }
            }
        };
    }

    private Future<HttpClientRequest> connect(
            HttpsUrl endpoint, List<Address> addresses, int index, Optional<String> authorization) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(
                        endpoint.port(), addresses.get(index).toString()))
                .setSsl(true)
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setURI(endpoint.target())
                .setFollowRedirects(false)
                .setTimeout(limits.total().toMillis())
                .putHeader("user-agent", "postern")
                .putHeader("accept", "application/json")
                .putHeader("content-type", "application/x-www-form-urlencoded");
        authorization.ifPresent(value -> options.putHeader("authorization", value));
        boolean isLast = index + 1 >= Math.min(addresses.size(), AskedAddresses.MOST);
        return client.request(options)
                .recover(failure ->
                        isLast ? Future.failedFuture(failure) : connect(endpoint, addresses, index + 1, authorization));
    }

    private static Future<Outcome> answer(HttpClientResponse response) {
        // What is reset here fails there, and Vert.x would log what nobody handles.
        response.exceptionHandler(reset -> {});
        int status = response.statusCode();
        if (status != 200) {
            response.request().reset();
            return Future.succeededFuture(
                    status == 400 || status == 401 || status == 403
                            ? new Refused(status)
                            : new Silent("answers with status " + status));
        }
        return WholeBody.of(response, MOST).map(CodeExchange::token);
    }

    private static Outcome token(byte[] bytes) {
        try {
            return Json.object(bytes).get("id_token") instanceof Text(String token)
                    ? new Given(token)
                    : new Silent("answers without an id_token");
        } catch (IOException notJson) {
            return new Silent("does not answer in JSON");
        }
    }

    /** Ends the client's connections. */
    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }
}
