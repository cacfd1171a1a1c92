package dev.postern.door.envoy;

import dev.postern.door.PassageDesk;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.server.GrpcServerRequest;
import jakarta.inject.Singleton;

/**
 * {@code grpc.health.v1.Health/Check} (gRPC health checking protocol), for Envoy's health checks and Kubernetes' probes. It says
 * to everybody whether calls are answered, and nothing else.
 */
@Singleton
final class HealthCalls {

    static final ServiceMethod<HealthCheckRequest, HealthCheckResponse> METHOD =
            GrpcRoute.method(HealthGrpc.SERVICE_NAME, "Check", HealthCheckRequest.parser());

    private final CheckCalls checks;
    private final PassageDesk desk;

    HealthCalls(CheckCalls checks, PassageDesk desk) {
        this.checks = checks;
        this.desk = desk;
    }

    void take(GrpcServerRequest<HealthCheckRequest, HealthCheckResponse> call) {
        GrpcRoute.read(call, request -> {
            boolean decides = desk.decides();
            if (request.getService().isEmpty()) {
                answer(call, decides);
            } else if (request.getService()
                    .equals(CheckCalls.METHOD.serviceName().fullyQualifiedName())) {
                answer(call, decides && checks.isEnabled());
            } else {
                GrpcRoute.end(call, GrpcStatus.NOT_FOUND, "there is no such service");
            }
        });
    }

    private static void answer(GrpcServerRequest<HealthCheckRequest, HealthCheckResponse> call, boolean serves) {
        var unused = call.response()
                .end(HealthCheckResponse.newBuilder()
                        .setStatus(serves ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                        .build());
    }
}
