package dev.postern.door.registry;

import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Reason;
import dev.postern.distribution.OciError;
import dev.postern.door.Rehearsal;
import dev.postern.door.TrustedCallers;
import dev.postern.identity.Credentials;
import dev.postern.identity.Identity;
import dev.postern.listener.Connections;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.timing.Course;
import dev.postern.timing.Courses;
import dev.postern.timing.Door;
import dev.postern.timing.Step;
import dev.postern.timing.Traceparent;
import dev.postern.token.RegistryToken;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * {@code GET} and {@code POST /token}, on the I/O thread; only a password check leaves it. It stands before every other route,
 * for each that a request passes on its way here costs as much as some of what is decided.
 */
@Singleton
final class TokenRoute implements Rehearsal {

    private static final Logger LOG = Logger.getLogger(TokenRoute.class);
    private static final String PATH = "/token";

    /** Before every other route; of those, the one that is registered first. */
    private static final int FIRST = Integer.MIN_VALUE;

    /** Behind what turns requests away that are too many. */
    private static final int SOON = 2;

    private static final String NOBODYS =
            "Basic " + Base64.getEncoder().encodeToString("nobody:nobody".getBytes(StandardCharsets.US_ASCII));

    private static final Reply.Header ALLOW = new Reply.Header(HttpHeaders.ALLOW, "GET, POST");

    private final Vertx vertx;
    private final Connections connections;
    private final SourceResolver sources;
    private final TokenDesk desk;
    private final Door door;
    private final String service;
    private final Duration timeout;
    private final Function<HttpServerRequest, List<String>> traceparents;

    TokenRoute(
            Vertx vertx,
            Connections connections,
            SourceResolver sources,
            TokenDesk desk,
            TrustedCallers trusted,
            Courses courses,
            @ConfigProperty(name = "postern.service") String service,
            @ConfigProperty(name = "quarkus.http.read-timeout") Duration timeout) {
        this.vertx = vertx;
        this.connections = connections;
        this.sources = sources;
        this.desk = desk;
        this.door = courses.door(TokenDesk.DOOR);
        this.service = service;
        this.timeout = timeout;
        // Anybody may come here: the word on a trace counts of proxies alone.
        this.traceparents = request -> {
            List<String> lines = request.headers().getAll(Traceparent.HEADER);
            return lines.isEmpty() || trusted.mayForward(connections.of(request)) ? lines : List.of();
        };
    }

    void register(@Observes @Priority(SOON) Router router) {
        router.route().order(FIRST).handler(context -> {
            HttpServerRequest request = context.request();
            if (isHere(request.uri())) {
                answer(request);
            } else {
                context.next();
            }
        });
    }

    /** Reads a request as of nobody, and writes an answer without a token. */
    @Override
    public void rehearse() {
        TokenQuery.Outcome query =
                TokenQuery.read(PATH + "?scope=repository%3Anobody%2Frehearsal%3Apull&service=" + service, service);
        Credentials credentials = Credentials.of(Optional.of(NOBODYS));
        Identity nobody = new Identity.Anonymous();
        byte[] answer = new TokenAnswer(
                        new RegistryToken("", "", Instant.EPOCH, Duration.ZERO),
                        new Decision.Granted(nobody, List.of(), new Explanation(List.of()), Optional.empty()),
                        Optional.empty(),
                        "rehearsal",
                        Instant.EPOCH)
                .reply(TokenRequest.Method.GET)
                .body();
        LOG.tracef("rehearsed: %s, %s, %d bytes", query, credentials, answer.length);
    }

    /** The path, with or without a slash at its end, and whatever query. */
    private static boolean isHere(String uri) {
        if (!uri.startsWith(PATH)) {
            return false;
        }
        int end = uri.startsWith("/", PATH.length()) ? PATH.length() + 1 : PATH.length();
        return end == uri.length() || uri.charAt(end) == '?';
    }

    private void answer(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            request.resume();
            answer(request, () -> get(request));
        } else if (request.method() == HttpMethod.POST) {
            var unused = FormBody.read(vertx, request, timeout).thenAccept(read -> {
                switch (read) {
                    case FormBody.Read form -> answer(request, () -> post(request, form.text()));
                    case FormBody.Unread unread ->
                        desk.malformed(unread.error()).sendAndClose(vertx, request);
                }
            });
        } else {
            desk.malformed(new OciError(405, "UNSUPPORTED", "this method is not taken here"))
                    .with(ALLOW)
                    .sendAndClose(vertx, request);
        }
    }

    private static void answer(HttpServerRequest request, Supplier<CompletableFuture<Reply>> way) {
        CompletableFuture<Reply> answer;
        try {
            answer = way.get();
        } catch (RuntimeException mistake) {
            answer = CompletableFuture.failedFuture(mistake);
        }
        var ignored = answer.whenComplete((reply, failure) -> {
            if (reply == null) {
                LOG.error("a request for a token failed", failure);
            }
            var unused = (reply == null ? Refusals.mistake() : reply).send(request.response());
        });
    }

    /** A token, or a refusal, by the Distribution token specification. */
    private CompletableFuture<Reply> get(HttpServerRequest request) {
        Course course = door.begin(request, traceparents);
        List<String> authorization = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorization.size() > 1) {
            return malformed("the Authorization header stands more than once; expected one");
        }
        Credentials credentials =
                Credentials.of(authorization.isEmpty() ? Optional.empty() : Optional.of(authorization.getFirst()));
        if (credentials instanceof Credentials.Malformed malformed) {
            return malformed(malformed.why());
        }
        return switch (TokenQuery.read(request.uri(), service)) {
            case TokenQuery.Malformed malformed -> malformed(malformed.message());
            case TokenQuery.Read read -> answer(course, request, credentials, read.request());
        };
    }

    /** A token, or a refusal, by the Distribution OAuth2 specification. */
    private CompletableFuture<Reply> post(HttpServerRequest request, String body) {
        Course course = door.begin(request, traceparents);
        if (request.headers().contains(HttpHeaders.AUTHORIZATION)) {
            return malformed(
                    "a POST has its credentials in the form, and no Authorization header;" + " with one, use GET");
        }
        Optional<Parameters> query = TokenQuery.parameters(request.uri());
        Optional<String> wrong = query.isEmpty()
                ? Optional.of(TokenQuery.UNREADABLE)
                : query.get().secretInUrl();
        if (wrong.isPresent()) {
            return malformed(wrong.get());
        }
        return switch (TokenForm.read(body, service)) {
            case TokenForm.Malformed malformed -> malformed(malformed.message());
            case TokenForm.Read read -> answer(course, request, read.credentials(), read.request());
        };
    }

    private CompletableFuture<Reply> malformed(String message) {
        return CompletableFuture.completedFuture(desk.malformed(OciError.of(Reason.MALFORMED_REQUEST, message)));
    }

    private CompletableFuture<Reply> answer(
            Course course, HttpServerRequest request, Credentials credentials, TokenRequest asked) {
        Source source = sources.resolve(connections.of(request));
        course.passed(Step.SOURCE);
        return desk.answer(course, source, credentials, asked);
    }
}
