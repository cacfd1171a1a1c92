package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.policy.load.PolicyStore;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Line;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A password file that changes under a running server, and what callers, readiness and metrics notice of it. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = @ResourceArg(name = PosternResource.HTPASSWD, value = HtpasswdTest.BOB))
class HtpasswdTest {

    static final String BOB = "bob:$2b$04$abcdefghijklmnopqrstuufCdeyze1JtEDXAmmHGdrQolOE.2h1X6";
    private static final String BOBS_NEW = "bob:$2b$04$abcdefghijklmnopqrstuuz6oK8wcKCo2S9fSBx3UUunFDRBtXF52";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI health;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    PolicyStore policies;

    private final Path users = Path.of(ConfigProvider.getConfig().getValue("postern.htpasswd.acme", String.class));

    @AfterEach
    void putBack() {
        change(BOB);
    }

    private void change(String text) {
        PosternResource.write(users, text);
        policies.refresh();
    }

    private int login(String user, String password) {
        return RawHttp.get(
                        server,
                        "/token",
                        List.of(
                                new Line("Host", "localhost"),
                                new Line("Authorization", RawHttp.basic(user, password))))
                .status();
    }

    private JsonNode policyHealth() throws IOException {
        String body = RawHttp.get(health, health.getPath(), List.of(new Line("Host", "localhost")))
                .body();
        for (JsonNode check : JSON.readTree(body).path("checks")) {
            if (check.path("name").asText().equals("policy")) {
                return check;
            }
        }
        throw new AssertionError(body);
    }

    private double stale() throws IOException {
        return RawHttp.get(metrics, metrics.getPath(), List.of(new Line("Host", "localhost")))
                .body()
                .lines()
                .filter(line -> line.startsWith("postern_policy_stale"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_changed_password_counts_at_once_and_the_former_is_forgotten() {
        // Given
        assertThat(login("bob", "bobs-password")).isEqualTo(200);
        assertThat(login("acme/bob", "bobs-password")).isEqualTo(200);

        // When
        change(BOBS_NEW);

        // Then
        assertThat(login("bob", "bobs-password")).isEqualTo(401);
        assertThat(login("bob", "bobs-new-password")).isEqualTo(200);
    }

    @Test
    void a_user_who_is_removed_is_gone_although_the_password_is_remembered() {
        // Given
        assertThat(login("bob", "bobs-password")).isEqualTo(200);

        // When
        change("");

        // Then
        assertThat(login("bob", "bobs-password")).isEqualTo(401);
    }

    @Test
    void a_bad_file_leaves_its_users_and_is_told_where_people_look() throws IOException {
        // Given
        assertThat(policyHealth().path("data").path("stale").asBoolean()).isFalse();
        assertThat(stale()).isZero();

        // When
        change(BOBS_NEW + "\ncarol:TopSecret");

        // Then
        assertThat(login("bob", "bobs-password")).isEqualTo(200);
        JsonNode told = policyHealth();
        assertThat(told.path("status").asText()).isEqualTo("UP");
        assertThat(told.path("data").path("stale").asBoolean()).isTrue();
        assertThat(told.path("data").path("rejection").asText())
                .contains(users + ":2:7: error: what user 'carol' has is not a bcrypt hash")
                .doesNotContain("TopSecret");
        assertThat(stale()).isEqualTo(1);
    }
}
