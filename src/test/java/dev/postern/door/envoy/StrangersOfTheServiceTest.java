package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Who comes by the PROXY port reaches the service from this host's own loopback, and is somebody else all the same. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.envoy.enabled", value = "true"),
            @ResourceArg(name = "postern.registry.mode", value = "network"),
            @ResourceArg(name = "postern.source.proxy-protocol.enabled", value = "true"),
            @ResourceArg(name = "postern.source.proxy-protocol.host", value = "127.0.0.1"),
            @ResourceArg(name = "postern.source.proxy-protocol.port", value = StrangersOfTheServiceTest.PORT),
            @ResourceArg(name = "postern.source.proxy-protocol.trusted-senders", value = "127.0.0.1")
        })
class StrangersOfTheServiceTest {

    static final String PORT = "18437";

    @TestHTTPResource
    URI server;

    @Test
    void whoComesByTheProxyPortIsTurnedAway() throws IOException {
        // Given: the same question that is answered without a PROXY header
        var question = EnvoyClient.request("203.0.113.10", "GET", "/v2/acme/app/manifests/latest")
                .build();
        try (EnvoyClient direct = new EnvoyClient(server)) {
            assertThat(EnvoyClient.passes(direct.check(question))).isTrue();
        }
        for (String named : new String[] {"203.0.113.66", "127.0.0.1"}) {
            try (Relay relay = new Relay("PROXY TCP4 " + named + " 127.0.0.1 40001 8080\r\n");
                    EnvoyClient proxied = new EnvoyClient("127.0.0.1", relay.port())) {
                // When
                StatusRuntimeException refused =
                        catchThrowableOfType(StatusRuntimeException.class, () -> proxied.check(question));
                // Then
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(refused.getStatus().getDescription()).doesNotContain(named);
            }
        }
    }

    @Test
    void aRouteThatAsksForTokensIsClosedWithoutARealm() {
        try (EnvoyClient direct = new EnvoyClient(server)) {
            var question = EnvoyClient.route(
                            EnvoyClient.request("203.0.113.10", "GET", "/v2/"), Map.of("postern.mode", "token"))
                    .build();
            assertThat(direct.check(question).getDeniedResponse().getStatus().getCodeValue())
                    .isEqualTo(400);
        }
    }

    /** Puts a header before what it leads on to the PROXY port, as a load balancer does. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Relay(String header) throws IOException {
            threads.execute(() -> {
                while (!listener.isClosed()) {
                    try {
                        Socket client = listener.accept();
                        Socket target = new Socket("127.0.0.1", Integer.parseInt(PORT));
                        target.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
                        threads.execute(() -> copy(client, target));
                        threads.execute(() -> copy(target, client));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        int port() {
            return listener.getLocalPort();
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException ended) {
                // The other side has gone.
            }
        }

        @Override
        public void close() {
            try {
                listener.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            threads.shutdownNow();
        }
    }
}
