package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls as they arrive: one message, as it is, of bounded size, by HTTP/2. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.envoy.enabled", value = "true"),
            @ResourceArg(name = "postern.registry.mode", value = "network")
        })
class GrpcRouteTest {

    private static final CheckRequest QUESTION = EnvoyClient.request(
                    "203.0.113.10", "GET", "/v2/acme/app/manifests/latest")
            .build();

    @TestHTTPResource
    URI server;

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress(server.getHost(), server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void compressedMessagesAreNotUnpacked() {
        // Given
        var plain = AuthorizationGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
        assertThat(EnvoyClient.passes(plain.check(QUESTION))).isTrue();
        // When
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> plain.withCompression("gzip").check(QUESTION));
        // Then
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void aCallWithoutAMessageIsEnded() throws Exception {
        assertThat(statusOf(List.of()).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(statusOf(List.of(QUESTION)).getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void aMessageThatIsTooLargeIsNotKept() throws Exception {
        // Given
        CheckRequest large = QUESTION.toBuilder()
                .mergeFrom(EnvoyClient.line(QUESTION.toBuilder(), "x-large", "x".repeat(1024 * 1024))
                        .build())
                .build();
        // When / Then
        assertThat(statusOf(List.of(large)).isOk()).isFalse();
        assertThat(statusOf(List.of(QUESTION)).isOk()).isTrue();
    }

    /** How a call with these messages ends. A client of its own kind: stubs send exactly one. */
    private Status statusOf(List<CheckRequest> messages) throws Exception {
        MethodDescriptor<CheckRequest, ?> method = AuthorizationGrpc.getCheckMethod().toBuilder()
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .build();
        CompletableFuture<Status> status = new CompletableFuture<>();
        start(channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS)), messages, status);
        return status.get(20, TimeUnit.SECONDS);
    }

    private static <A> void start(
            ClientCall<CheckRequest, A> call, List<CheckRequest> messages, CompletableFuture<Status> ended) {
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        call.request(2);
        messages.forEach(call::sendMessage);
        call.halfClose();
    }

    @Test
    void thereIsNoSuchPathByPlainHttp() {
        RawHttp.Answer answer = RawHttp.get(
                server, "/envoy.service.auth.v3.Authorization/Check", List.of(new RawHttp.Line("Host", "x")));
        assertThat(answer.status()).isEqualTo(404);
    }

    // Health

    @Test
    void healthSaysThatCallsAreAnswered() {
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("envoy.service.auth.v3.Authorization")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void otherServicesThereAreNone() {
        assertThat(catchThrowableOfType(
                                StatusRuntimeException.class, () -> health("envoy.service.auth.v2.Authorization"))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
