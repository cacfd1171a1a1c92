package dev.postern.identity.oidc;

import dev.postern.fetch.HttpsUrl;
import dev.postern.identity.federation.SaidClaims.Text;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * Exchanges API keys at the token endpoint of an IAM, over HTTPS and without redirects: {@code POST} with
 * {@code grant_type=urn:ibm:params:oauth:grant-type:apikey}.
 *
 * <p>What it does not answer is tried again, and while it answers little it is left alone. By Vert.x's client and not by a
 * REST client, for which an answer may be of any length.
 */
public final class IamExchange implements KeyExchange, AutoCloseable {

    private static final String GRANT = "grant_type="
            + URLEncoder.encode("urn:ibm:params:oauth:grant-type:apikey", StandardCharsets.UTF_8) + "&apikey=";
    private static final int MOST = 64 * 1024;
    private static final int CONNECTIONS = 16;
    private static final int WAITING = 500;

    private final HttpClient client;
    private final RequestOptions request;
    private final TypedGuard<CompletionStage<Answer>> guard;

    /**
     * What may be tried.
     *
     * @param connect the time for a connection
     * @param once the time for one try
     * @param retries how often is tried again
     */
    public record Limits(Duration connect, Duration once, int retries) {}

    /** An exchange at this endpoint, whose certificate is to be one of those that are trusted here. */
    public IamExchange(Vertx vertx, HttpClientOptions trust, HttpsUrl endpoint, Limits limits) {
        this.client = vertx.createHttpClient(new HttpClientOptions(trust)
                .setSsl(true)
                .setTrustAll(false)
                .setVerifyHost(true)
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setDecompressionSupported(false)
                .setMaxPoolSize(CONNECTIONS)
                .setMaxWaitQueueSize(WAITING)
                .setConnectTimeout((int) limits.connect().toMillis())
                .setIdleTimeout((int) Math.max(1, limits.once().toSeconds()))
                .setName("postern-iam"));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setURI(endpoint.target())
                .setFollowRedirects(false)
                .setTimeout(limits.once().toMillis())
                .putHeader("content-type", "application/x-www-form-urlencoded")
                .putHeader("accept", "application/json");
        this.guard = TypedGuard.create(new TypeLiteral<CompletionStage<Answer>>() {})
                .withTimeout()
                .duration(limits.once().toMillis(), ChronoUnit.MILLIS)
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(20)
                .failureRatio(0.75)
                .delay(5, ChronoUnit.SECONDS)
                .done()
                .withRetry()
                .maxRetries(limits.retries())
                .delay(100, ChronoUnit.MILLIS)
                .jitter(50, ChronoUnit.MILLIS)
                .done()
                .build();
    }

    @Override
    public CompletionStage<Answer> exchange(String key) {
        try {
            return guard.get(() -> ask(key).toCompletionStage()).exceptionally(IamExchange::silent);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(silent(e));
        }
    }

    /** It did not answer so that it could be understood. */
    private static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unanswered(String why) {
            super(why, null, false, false);
        }
    }

    /** Of a failure, what it is; its message may have some of the other side's. */
    private static Answer silent(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Silent(
                switch (cause) {
                    case Unanswered unanswered -> String.valueOf(unanswered.getMessage());
                    case CircuitBreakerOpenException open -> "has not answered lately, and is left alone for a while";
                    case TimeoutException late -> "does not answer in time";
                    default -> "cannot be asked (" + cause.getClass().getSimpleName() + ")";
                });
    }

    private Future<Answer> ask(String key) {
        Buffer form = Buffer.buffer(GRANT + URLEncoder.encode(key, StandardCharsets.UTF_8));
        return client.request(new RequestOptions(request))
                .compose(made -> made.send(form))
                .compose(this::answer);
    }

    private Future<Answer> answer(HttpClientResponse response) {
        // What is reset here fails there, and Vert.x would log what nobody handles.
        response.exceptionHandler(reset -> {});
        int status = response.statusCode();
        if (status == 400 || status == 401) {
            response.request().reset();
            return Future.succeededFuture(new Refused());
        }
        if (status != 200) {
            response.request().reset();
            return Future.failedFuture(new Unanswered("answers with status " + status));
        }
        return WholeBody.of(response, MOST)
                .recover(failure -> Future.failedFuture(
                        failure instanceof WholeBody.TooLong
                                ? new Unanswered("answers with more than " + MOST + " bytes")
                                : failure))
                .compose(bytes -> token(bytes)
                        .map(token -> Future.<Answer>succeededFuture(new Given(token)))
                        .orElseGet(() -> Future.failedFuture(new Unanswered("answers without an access_token"))));
    }

    private static Optional<String> token(byte[] bytes) {
        try {
            return Json.object(bytes).get("access_token") instanceof Text token
                    ? Optional.of(token.text())
                    : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /** Ends the client's connections. */
    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }
}
