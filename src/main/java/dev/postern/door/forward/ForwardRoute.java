package dev.postern.door.forward;

import dev.postern.distribution.OciError;
import dev.postern.distribution.RegistryCall;
import dev.postern.distribution.WarningHeader;
import dev.postern.door.Passage;
import dev.postern.door.PassageDesk;
import dev.postern.door.Route;
import dev.postern.door.TrustedCallers;
import dev.postern.listener.Connections;
import dev.postern.source.Connection;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceResolver;
import dev.postern.timing.Course;
import dev.postern.timing.Courses;
import dev.postern.timing.Door;
import dev.postern.timing.Step;
import dev.postern.timing.Traceparent;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * {@code /forward/FORM}. It looks at the target as it was sent, before anybody makes one path of another: behind Envoy's prefix
 * stands whatever a caller wrote, and {@code /forward/envoy/../../token} must not be a question to the token service.
 */
@Singleton
final class ForwardRoute {

    private static final Logger LOG = Logger.getLogger(ForwardRoute.class);
    private static final String DOOR = "forward";
    private static final String PREFIX = "/forward/";

    /** Before every other route. */
    private static final int FIRST = Integer.MIN_VALUE;

    /** The body of a refusal, for a proxy that passes on no body. */
    private static final String REFUSAL_HEADER = "X-Postern-Refusal";

    private static final String SUBJECT_HEADER = "X-Postern-Subject";

    private final boolean enabled;
    private final Connections connections;
    private final TrustedCallers trusted;
    private final SourceResolver sources;
    private final PassageDesk desk;
    private final Door door;

    ForwardRoute(
            @ConfigProperty(name = "postern.forward.enabled") boolean enabled,
            Connections connections,
            TrustedCallers trusted,
            SourceResolver sources,
            PassageDesk desk,
            Courses courses) {
        this.enabled = enabled;
        this.connections = connections;
        this.trusted = trusted;
        this.sources = sources;
        this.desk = desk;
        this.door = courses.door(DOOR);
    }

    void register(@Observes Router router) {
        router.route().order(FIRST).handler(context -> {
            HttpServerRequest request = context.request();
            if (request.uri().startsWith(PREFIX)) {
                answer(request);
            } else {
                context.next();
            }
        });
    }

    private void answer(HttpServerRequest request) {
        // What is asked about has a body; the question has none that is read.
        request.resume();
        Connection connection = connections.of(request);
        if (!enabled || !trusted.mayForward(connection)) {
            end(
                    request.response(),
                    403,
                    new OciError(403, "DENIED", TrustedCallers.TURNED_AWAY).body(Optional.empty()));
            return;
        }
        String rest = request.uri().substring(PREFIX.length());
        int end = endOfName(rest);
        Optional<ForwardForm> form = ForwardForm.of(rest.substring(0, end));
        if (form.isEmpty()) {
            end(
                    request.response(),
                    403,
                    new OciError(403, "UNSUPPORTED", "expected /forward/nginx, /forward/forwarded or /forward/envoy")
                            .body(Optional.empty()));
            return;
        }
        CompletableFuture<Passage> passage;
        try {
            passage = passage(form.get(), rest.substring(end), request, connection);
        } catch (RuntimeException mistake) {
            passage = CompletableFuture.failedFuture(mistake);
        }
        var unused = passage.whenComplete((decided, failure) -> {
            if (decided == null) {
                LOG.error("a question failed", failure);
                OciError error = OciError.undecided();
                end(request.response(), error.status(), error.body(Optional.empty()));
            } else {
                answer(form.get(), decided, request.response());
            }
        });
    }

    private static List<String> traceparents(HttpServerRequest request) {
        return request.headers().getAll(Traceparent.HEADER);
    }

    private CompletableFuture<Passage> passage(
            ForwardForm form, String rest, HttpServerRequest request, Connection connection) {
        Course course = door.begin(request, ForwardRoute::traceparents);
        Source source = named(sources.resolve(connection));
        course.passed(Step.SOURCE);
        return switch (form.asked(request.method().name(), rest, connection.headers())) {
            case ForwardForm.Malformed malformed -> done(desk.malformed(DOOR, source, malformed.why()));
            case ForwardForm.Asked asked ->
                switch (form == ForwardForm.ENVOY ? new Route.Read(Route.UNNAMED) : route(rest, asked.target())) {
                    case Route.Malformed malformed -> done(desk.malformed(DOOR, source, malformed.why()));
                    case Route.Read read ->
                        desk.answer(new PassageDesk.Question(
                                course,
                                source,
                                RegistryCall.of(
                                        asked.method(),
                                        asked.target(),
                                        connection.headers().lines("content-type")),
                                connection.headers().lines("authorization"),
                                read.route()));
                };
        };
    }

    /** A proxy that names nobody asks for itself, and that is not what is asked here. */
    private static Source named(Source source) {
        boolean byItself = source.evidence().stream().noneMatch(hop -> hop.finding() == Hop.Finding.TRUSTED_PROXY);
        return byItself && !(source instanceof UnknownSource)
                ? new UnknownSource(Why.NO_PEER_ADDRESS, source.evidence())
                : source;
    }

    /**
     * The proxy's own configuration, in the query of its question: {@code ?mode=network&account=acme}. Caddy puts the caller's
     * own query there where it is given none, and a caller must not choose what is asked of it.
     */
    private static Route.Outcome route(String rest, String target) {
        Map<String, String> said = new HashMap<>();
        if (rest.isEmpty()) {
            return new Route.Read(Route.UNNAMED);
        }
        if (!rest.startsWith("?")) {
            return new Route.Malformed("expected nothing but a query behind the form's name");
        }
        if (target.endsWith(rest)) {
            return new Route.Malformed(
                    "the question has the query of what it asks about; give it one, if an empty one");
        }
        for (String parameter : rest.substring(1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            if (said.put(Route.PREFIX + name, value) != null) {
                return new Route.Malformed("the query says something twice");
            }
        }
        return Route.of(said);
    }

    private static void answer(ForwardForm form, Passage passage, HttpServerResponse response) {
        switch (passage) {
            case Passage.Allowed allowed -> {
                allowed.facts().decision().ifPresent(id -> response.putHeader(OciError.DECISION_HEADER, id));
                // Empty where nobody is known: a proxy that copies it leaves nothing of what the caller sent.
                response.putHeader(SUBJECT_HEADER, allowed.facts().subject().orElse(""));
                allowed.warning().ifPresent(text -> response.putHeader(WarningHeader.NAME, WarningHeader.value(text)));
                response.setStatusCode(200).end();
            }
            case Passage.Stopped stopped -> {
                stopped.headers().forEach(line -> response.putHeader(line.name(), line.value()));
                if (form == ForwardForm.NGINX) {
                    response.putHeader(REFUSAL_HEADER, stopped.body());
                }
                // To nginx, anything else is an error of ours, which it tells as 500.
                int status = form == ForwardForm.NGINX && stopped.status() != 401 ? 403 : stopped.status();
                end(response, status, stopped.body());
            }
        }
    }

    private static CompletableFuture<Passage> done(Passage passage) {
        return CompletableFuture.completedFuture(passage);
    }

    private static int endOfName(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) == '/' || rest.charAt(i) == '?') {
                return i;
            }
        }
        return rest.length();
    }

    private static void end(HttpServerResponse response, int status, String body) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body);
    }
}
