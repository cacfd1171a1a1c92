package dev.postern.door.envoy;

import dev.postern.distribution.RegistryCall;
import dev.postern.door.Passage;
import dev.postern.door.PassageDesk;
import dev.postern.door.Route;
import dev.postern.source.Connection;
import dev.postern.source.LinkKeys;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.timing.Course;
import dev.postern.timing.Courses;
import dev.postern.timing.Door;
import dev.postern.timing.Step;
import dev.postern.timing.Traceparent;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** {@code envoy.service.auth.v3.Authorization/Check}, on the I/O thread. Whatever a message holds, the answer says yes or no. */
@GrpcService
@RegisterInterceptor(CallersInterceptor.class)
public class AuthorizationService extends AuthorizationGrpc.AuthorizationImplBase {

    private static final Logger LOG = Logger.getLogger(AuthorizationService.class);
    private static final String DOOR = "envoy";

    private final EnvoyConnections connections;
    private final SourceResolver sources;
    private final PassageDesk desk;
    private final Door door;

    AuthorizationService(LinkKeys keys, SourceResolver sources, PassageDesk desk, Courses courses) {
        this.connections = new EnvoyConnections(keys);
        this.sources = sources;
        this.desk = desk;
        this.door = courses.doorOfTheBelieved(DOOR);
    }

    /** Whether the request goes on, and if not, the answer to it. */
    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> answer) {
        CompletableFuture<Passage> passage;
        try {
            passage = passage(request);
        } catch (RuntimeException mistake) {
            passage = CompletableFuture.failedFuture(mistake);
        }
        var unused = passage.whenComplete((decided, failure) -> {
            if (failure != null) {
                LOG.error("a check failed", failure);
            }
            answer.onNext(decided == null ? CheckResponses.unavailable() : CheckResponses.of(decided));
            answer.onCompleted();
        });
    }

    private CompletableFuture<Passage> passage(CheckRequest request) {
        Course course = door.begin(() -> Optional.ofNullable(
                request.getAttributes().getRequest().getHttp().getHeadersMap().get(Traceparent.HEADER)));
        Connection connection = connections.of(request);
        Source source = sources.resolve(connection);
        course.passed(Step.SOURCE);
        return switch (EnvoyRoutes.of(request.getAttributes())) {
            case Route.Malformed malformed ->
                CompletableFuture.completedFuture(desk.malformed(DOOR, source, malformed.why()));
            case Route.Read read -> {
                HttpRequest http = request.getAttributes().getRequest().getHttp();
                RegistryCall call = RegistryCall.of(
                        http.getMethod(), http.getPath(), connection.headers().lines("content-type"));
                yield desk.answer(new PassageDesk.Question(
                        course, source, call, connection.headers().lines("authorization"), read.route()));
            }
        };
    }
}
