package dev.postern.door.envoy;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Calls by gRPC, before every other route, and by Vert.x's own server of them: on the way that Quarkus has for services (its
 * interceptors, its routes, and grpc-java behind them) a call costs more than all that is decided here.
 */
@Singleton
final class GrpcRoute {

    /** What Envoy takes as headers, and the fields of a PROXY header in two forms. In bytes. */
    private static final int LARGEST_MESSAGE = 1024 * 1024;

    /** Before every other route; of those, the one that is registered first. */
    private static final int FIRST = Integer.MIN_VALUE;

    /** Behind what turns requests away that are too many. */
    private static final int SOON = 3;

    private static final String PLAIN = "identity";

    private final CheckCalls checks;
    private final HealthCalls health;

    GrpcRoute(CheckCalls checks, HealthCalls health) {
        this.checks = checks;
        this.health = health;
    }

    void register(@Observes @Priority(SOON) Router router, Vertx vertx) {
        GrpcServer calls = GrpcServer.server(vertx, new GrpcServerOptions().setMaxMessageSize(LARGEST_MESSAGE))
                .callHandler(CheckCalls.METHOD, checks::take)
                .callHandler(HealthCalls.METHOD, health::take);
        Set<String> paths = Set.of("/" + CheckCalls.METHOD.fullMethodName(), "/" + HealthCalls.METHOD.fullMethodName());
        router.route().order(FIRST).handler(context -> {
            HttpServerRequest request = context.request();
            if (request.version() == HttpVersion.HTTP_2 && paths.contains(request.uri())) {
                calls.handle(request);
            } else {
                context.next();
            }
        });
    }

    /** A method of a service, which takes one message and answers with one. */
    static <Q extends MessageLite, A extends MessageLite> ServiceMethod<Q, A> method(
            String service, String name, Parser<Q> parser) {
        return ServiceMethod.server(
                ServiceName.create(service), name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(parser));
    }

    /** Has the call's one message, once it is there; a call without one is ended. */
    static <Q> void read(GrpcServerRequest<Q, ?> call, Consumer<Q> message) {
        String encoding = call.headers().get("grpc-encoding");
        // What is packed may be a thousand times as large as it looks.
        if (encoding != null && !encoding.equals(PLAIN)) {
            end(call, GrpcStatus.UNIMPLEMENTED, "messages are taken as they are, not compressed");
            return;
        }
        var unused = call.last().onComplete(last -> {
            // The decoder makes nothing of bytes that are no message.
            if (last.succeeded() && last.result() != null) {
                message.accept(last.result());
            } else {
                end(call, GrpcStatus.INVALID_ARGUMENT, "expected one message of the service's");
            }
        });
    }

    /** Ends a call without an answer. */
    static void end(GrpcServerRequest<?, ?> call, GrpcStatus status, String why) {
        var unused = call.response().status(status).statusMessage(why).end();
    }
}
