package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
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
}
