package dev.postern.door.registry;

import dev.postern.distribution.OciError;
import dev.postern.door.TrustedCallers;
import dev.postern.identity.Credentials;
import dev.postern.listener.Connections;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.timing.Course;
import dev.postern.timing.Courses;
import dev.postern.timing.Door;
import dev.postern.timing.Step;
import dev.postern.timing.Traceparent;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** {@code GET} and {@code POST /token}. Both run on the I/O thread; only a password check leaves it. */
@Path("/token")
public class TokenResource {

    private final Connections connections;
    private final SourceResolver sources;
    private final TokenDesk desk;
    private final Door door;
    private final String service;
    private final Function<HttpServerRequest, List<String>> traceparents;

    TokenResource(
            Connections connections,
            SourceResolver sources,
            TokenDesk desk,
            TrustedCallers trusted,
            Courses courses,
            @ConfigProperty(name = "postern.service") String service) {
        this.connections = connections;
        this.sources = sources;
        this.desk = desk;
        this.door = courses.door(TokenDesk.DOOR);
        this.service = service;
        // Anybody may come here: the word on a trace counts of proxies alone.
        this.traceparents = request -> {
            List<String> lines = request.headers().getAll(Traceparent.HEADER);
            return lines.isEmpty() || trusted.mayForward(connections.of(request)) ? lines : List.of();
        };
    }

    /** A token, or a refusal, by the Distribution token specification. */
    @GET
    @NonBlocking
    public Uni<Response> get(@Context HttpServerRequest request) {
        Course course = door.begin(request, traceparents);
        List<String> authorization = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorization.size() > 1) {
            return desk.malformed("the Authorization header stands more than once; expected one");
        }
        Credentials credentials = Credentials.of(authorization.stream().findFirst());
        if (credentials instanceof Credentials.Malformed malformed) {
            return desk.malformed(malformed.why());
        }
        return switch (TokenQuery.read(values(request.params()), service)) {
            case TokenQuery.Malformed malformed -> desk.malformed(malformed.message());
            case TokenQuery.Read read -> answer(course, request, credentials, read.request());
        };
    }

    /** A token, or a refusal, by the Distribution OAuth2 specification. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @NonBlocking
    public Uni<Response> post(@Context HttpServerRequest request, @Nullable String body) {
        Course course = door.begin(request, traceparents);
        if (!request.headers().contains(HttpHeaders.CONTENT_TYPE)) {
            return desk.malformed(
                    new OciError(415, "UNSUPPORTED", "expected a form: " + MediaType.APPLICATION_FORM_URLENCODED));
        }
        if (request.headers().contains(HttpHeaders.AUTHORIZATION)) {
            return desk.malformed(
                    "a POST has its credentials in the form, and no Authorization header;" + " with one, use GET");
        }
        Optional<String> secret = new Parameters("parameter", values(request.params())).secretInUrl();
        if (secret.isPresent()) {
            return desk.malformed(secret.get());
        }
        return switch (TokenForm.read(body == null ? "" : body, service)) {
            case TokenForm.Malformed malformed -> desk.malformed(malformed.message());
            case TokenForm.Read read -> answer(course, request, read.credentials(), read.request());
        };
    }

    private Uni<Response> answer(
            Course course, HttpServerRequest request, Credentials credentials, TokenRequest asked) {
        Source source = sources.resolve(connections.of(request));
        course.passed(Step.SOURCE);
        return desk.answer(course, source, credentials, asked);
    }

    /** Issues nothing: without this method, a HEAD would be answered as a GET is. */
    @HEAD
    @NonBlocking
    public Response head() {
        return Response.status(405).header(HttpHeaders.ALLOW, "GET, POST").build();
    }

    private static Parameters.Values values(MultiMap params) {
        return new Parameters.Values() {
            @Override
            public List<String> all(String name) {
                return params.getAll(name);
            }

            @Override
            public Set<String> names() {
                return params.names();
            }
        };
    }
}
