package dev.postern.door.envoy;

import dev.postern.distribution.RegistryCall;
import dev.postern.door.Passage;
import dev.postern.door.PassageDesk;
import dev.postern.door.Route;
import dev.postern.door.TrustedCallers;
import dev.postern.listener.Connections;
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
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.server.GrpcServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** {@code envoy.service.auth.v3.Authorization/Check}, on the I/O thread. Whatever a message holds, the answer says yes or no. */
@Singleton
final class CheckCalls {

    static final ServiceMethod<CheckRequest, CheckResponse> METHOD =
            GrpcRoute.method(AuthorizationGrpc.SERVICE_NAME, "Check", CheckRequest.parser());

    private static final Logger LOG = Logger.getLogger(CheckCalls.class);
    private static final String DOOR = "envoy";

    private final boolean enabled;
    private final TrustedCallers trusted;
    private final Connections callers;
    private final EnvoyConnections connections;
    private final SourceResolver sources;
    private final PassageDesk desk;
    private final Door door;

    CheckCalls(
            @ConfigProperty(name = "postern.envoy.enabled") boolean enabled,
            TrustedCallers trusted,
            Connections callers,
            LinkKeys keys,
            SourceResolver sources,
            PassageDesk desk,
            Courses courses) {
        this.enabled = enabled;
        this.trusted = trusted;
        this.callers = callers;
        this.connections = new EnvoyConnections(keys);
        this.sources = sources;
        this.desk = desk;
        this.door = courses.door(DOOR);
    }

    /** Turns calls away before their message is read, but for those of callers who are believed. */
    void take(GrpcServerRequest<CheckRequest, CheckResponse> call) {
        boolean certified = TrustedCallers.isCertified(call.connection().sslSession());
        if (enabled && trusted.include(callers.peerAt(call.connection().remoteAddress()), certified)) {
            GrpcRoute.read(call, request -> answer(call, request));
        } else {
            GrpcRoute.end(call, GrpcStatus.PERMISSION_DENIED, TrustedCallers.TURNED_AWAY);
        }
    }

    /** Whether anybody is answered. */
    boolean isEnabled() {
        return enabled;
    }

    private void answer(GrpcServerRequest<CheckRequest, CheckResponse> call, CheckRequest request) {
        CompletableFuture<Passage> passage;
        try {
            passage = passage(call, request);
        } catch (RuntimeException mistake) {
            passage = CompletableFuture.failedFuture(mistake);
        }
        var unused = passage.whenComplete((decided, failure) -> {
            if (failure != null) {
                LOG.error("a check failed", failure);
            }
            call.response().end(decided == null ? CheckResponses.unavailable() : CheckResponses.of(decided));
        });
    }

    /** Envoy's own word on the trace. That among the headers of what it asks about is a stranger's. */
    private static List<String> traceparents(GrpcServerRequest<?, ?> call) {
        return call.headers().getAll(Traceparent.HEADER);
    }

    private CompletableFuture<Passage> passage(GrpcServerRequest<?, ?> asked, CheckRequest request) {
        Course course = door.begin(asked, CheckCalls::traceparents);
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
