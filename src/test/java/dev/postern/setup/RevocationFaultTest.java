package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Revocations that cannot be read: tokens flow on, and readiness and metrics tell. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = @ResourceArg(name = "postern.issuer", value = "issuer.of.revocations"))
class RevocationFaultTest {

    private static final String GOOD = "subject user:acme/mallory 2026-01-01T00:00:00Z 2099-01-01T00:00:00Z\n";
    private static final String DEGRADED = "postern_tokens_degraded{part=\"revocations\"}";

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @TestHTTPResource
    URI server;

    @ConfigProperty(name = "postern.data")
    Path data;

    @Test
    void aFileThatIsDamagedIsToldUntilItIsMendedAndTokensFlowOn() throws Exception {
        // Given
        Management postern = new Management(management);
        Path file = data.resolve("revocations");
        Files.writeString(file, GOOD);
        Management.await(() -> postern.metric("postern_revocations ").equals("1.0"));
        assertThat(postern.metric(DEGRADED)).isEqualTo("0.0");

        // When
        Files.writeString(file, GOOD + "nonsense\n");
        Management.await(() -> postern.metric(DEGRADED).equals("1.0"));

        // Then: ready, with what is wrong; what was good is in force
        JsonNode check = postern.ready("revocations");
        assertThat(check.path("status").asText()).isEqualTo("UP");
        assertThat(check.path("data").path("degraded").asBoolean()).isTrue();
        assertThat(check.path("data").path("fault").asText())
                .endsWith("revocations:2: this is no revocation; expected lines of the form KIND VALUE BEFORE UNTIL,"
                        + " as 'postern revoke' writes them");
        assertThat(check.path("data").path("since").asText()).startsWith("20");
        assertThat(check.path("data").path("inForce").asInt()).isEqualTo(1);
        assertThat(postern.ready("signing-key").path("data").path("degraded").asBoolean(true))
                .isFalse();
        assertThat(token()).isEqualTo(200);

        // When
        Files.writeString(file, GOOD);
        Management.await(() -> postern.metric(DEGRADED).equals("0.0"));

        // Then
        JsonNode mended = postern.ready("revocations").path("data");
        assertThat(mended.path("degraded").asBoolean(true)).isFalse();
        assertThat(mended.has("fault")).isFalse();
        assertThat(postern.metric("postern_tokens_faults_total{part=\"revocations\"}"))
                .isEqualTo("1.0");
    }

    private int token() {
        return RawHttp.get(server, "/token", List.of(new RawHttp.Line("Host", "localhost")))
                .status();
    }
}
