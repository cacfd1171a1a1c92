package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where no setting says that there is an Envoy, nobody is answered, loopback or not. */
@QuarkusTest
@WithTestResource(PosternResource.class)
class DisabledServiceTest {

    @TestHTTPResource
    URI server;

    @Test
    void nobodyIsAnswered() {
        try (EnvoyClient envoy = new EnvoyClient(server)) {
            var question = EnvoyClient.request("203.0.113.10", "GET", "/v2/").build();
            assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> envoy.check(question))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void healthSaysSo() {
        ManagedChannel channel = ManagedChannelBuilder.forAddress(server.getHost(), server.getPort())
                .usePlaintext()
                .build();
        try {
            var health = HealthGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
            assertThat(health.check(HealthCheckRequest.newBuilder()
                                    .setService("envoy.service.auth.v3.Authorization")
                                    .build())
                            .getStatus())
                    .isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        } finally {
            channel.shutdownNow();
        }
    }
}
