package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.testing.MetricsPage;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The warm-up ends by itself, is nobody's business, and readiness says what it is. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.warm-up", value = "2s"),
            @ResourceArg(name = "postern.envoy.enabled", value = "true"),
            @ResourceArg(name = "postern.registry.realm", value = "https://auth.example.com/token"),
            @ResourceArg(name = "postern.issuer", value = "issuer.that.warms.up")
        })
class WarmUpTest {

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @TestHTTPResource
    URI server;

    @Inject
    WarmUp warmUp;

    @Inject
    AuditTrail audit;

    @Test
    void it_is_over_soon_and_readiness_says_so() throws Exception {
        // When
        Management.await(warmUp::isOver);
        // Then
        assertThat(new Management(management).ready("warm-up").path("status").asText())
                .isEqualTo("UP");
    }

    @Test
    void what_it_decides_and_signs_is_neither_counted_nor_audited() throws Exception {
        // Given
        Management.await(warmUp::isOver);
        Queue<AuditEvent> events = new ConcurrentLinkedQueue<>();
        audit.listen(events::add);
        double before = MetricsPage.of(management).value("postern_tokens_total{origin=\"signed\"");
        // When
        String token = warmUp.once().value();
        // Then
        assertThat(token.split("\\.")).hasSize(3);
        assertThat(events).isEmpty();
        assertThat(MetricsPage.of(management).value("postern_tokens_total{origin=\"signed\""))
                .isEqualTo(before);
        assertThat(MetricsPage.of(management).text()).doesNotContain("warm-up");
    }

    @Test
    void the_key_and_the_audit_say_how_they_are() {
        // Given
        Management postern = new Management(management);
        // When
        JsonNode key = postern.ready("signing-key").path("data");
        JsonNode sinks = postern.ready("audit").path("data");
        // Then
        assertThat(key.path("degraded").asBoolean()).isFalse();
        assertThat(key.path("expires").asText()).startsWith("20");
        assertThat(key.path("changes").asText()).startsWith("20");
        assertThat(sinks.path("degraded").asBoolean()).isFalse();
        assertThat(sinks.path("lost").asInt()).isZero();
    }

    @Test
    void it_has_started_with_keys_and_a_policy() throws Exception {
        // When
        RawHttp.Answer answer =
                RawHttp.get(management, "/q/health/started", List.of(new RawHttp.Line("Host", "localhost")));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        JsonNode check =
                new ObjectMapper().readTree(answer.body()).path("checks").path(0);
        assertThat(check.path("name").asText()).isEqualTo("started");
        assertThat(check.path("data").path("keys").asInt()).isPositive();
        assertThat(check.path("data").path("policy").asBoolean()).isTrue();
    }
}
