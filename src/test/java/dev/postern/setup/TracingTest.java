package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decisions as spans, at a collector that takes OTLP over HTTP. */
@QuarkusTest
@WithTestResource(TracingTest.Collector.class)
class TracingTest {

    private static final Queue<JsonNode> RECEIVED = new ConcurrentLinkedQueue<>();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @TestHTTPResource
    URI server;

    /** A collector, and a Postern that records what proxies record, and nothing else. */
    public static final class Collector implements QuarkusTestResourceLifecycleManager {
        private final PosternResource postern = new PosternResource();
        private HttpServer http;

        @Override
        public Map<String, String> start() {
            try {
                http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                http.createContext("/v1/traces", exchange -> {
                    RECEIVED.add(new ObjectMapper().readTree(exchange.getRequestBody()));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
                http.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, String> settings = new HashMap<>(Map.of(
                    "postern.tracing.url",
                    "http://127.0.0.1:" + http.getAddress().getPort() + "/v1/traces",
                    "postern.tracing.ratio",
                    "0",
                    "postern.forward.enabled",
                    "true",
                    "postern.registry.mode",
                    "identity",
                    "postern.source.trusted-proxies",
                    "127.0.0.1"));
            postern.init(settings);
            return postern.start();
        }

        @Override
        public void stop() {
            http.stop(0);
            postern.stop();
        }
    }

    @BeforeEach
    void empty() {
        RECEIVED.clear();
    }

    @Test
    void what_a_proxy_records_is_a_span_of_its_trace_with_one_for_each_step() throws Exception {
        // When
        RawHttp.Answer answer = ask("00-" + TRACE + "-" + PARENT + "-01");
        Management.await(() -> spans().size() >= 4);

        // Then
        JsonNode span = spans().stream()
                .filter(each -> each.path("kind").asInt() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(span.path("name").asText()).isEqualTo("postern forward");
        assertThat(span.path("traceId").asText()).isEqualTo(TRACE);
        assertThat(span.path("parentSpanId").asText()).isEqualTo(PARENT);
        assertThat(attributes(span))
                .isEqualTo(Map.of(
                        "postern.decision", answer.header("X-Postern-Decision"),
                        "postern.door", "forward",
                        "postern.outcome", "granted",
                        "postern.reason", "granted"));
        List<JsonNode> steps =
                spans().stream().filter(each -> each.path("kind").asInt() == 1).toList();
        assertThat(steps)
                .extracting(step -> step.path("name").asText())
                .containsExactly("source", "credential", "gate");
        assertThat(steps).allSatisfy(step -> {
            assertThat(step.path("parentSpanId").asText())
                    .isEqualTo(span.path("spanId").asText());
            assertThat(Long.parseLong(step.path("endTimeUnixNano").asText()))
                    .isGreaterThanOrEqualTo(
                            Long.parseLong(step.path("startTimeUnixNano").asText()));
        });
        JsonNode resource = RECEIVED.element().path("resourceSpans").path(0).path("resource");
        assertThat(resource.toString()).contains("service.name", "postern");
    }

    @Test
    void no_span_says_who_it_was_or_from_where() throws Exception {
        // When
        ask("00-" + TRACE + "-" + PARENT + "-01");
        Management.await(() -> spans().size() >= 4);

        // Then
        assertThat(RECEIVED.toString())
                .doesNotContain("203.0.113.10", "127.0.0.1", "acme", "bot", TestPolicy.API_KEY, "app");
    }

    @Test
    void what_it_does_not_record_is_not_nor_what_a_stranger_asks_for_at_the_token_service() throws Exception {
        // When
        ask("00-" + TRACE + "-" + PARENT + "-00");
        ask("nonsense");
        RawHttp.get(
                server,
                "/token?service=registry.localhost",
                List.of(
                        new RawHttp.Line("Host", "registry.localhost"),
                        new RawHttp.Line("traceparent", "00-" + TRACE + "-" + PARENT + "-01")));
        RawHttp.Answer recorded = ask("00-" + TRACE + "-" + PARENT + "-01");
        Management.await(() -> spans().size() >= 4);

        // Then
        assertThat(spans()).hasSize(4);
        assertThat(RECEIVED.toString()).contains(recorded.header("X-Postern-Decision"));
    }

    private RawHttp.Answer ask(String traceparent) {
        RawHttp.Answer answer = RawHttp.get(
                server,
                "/forward/forwarded?mode=identity",
                List.of(
                        new RawHttp.Line("Host", "registry.localhost"),
                        new RawHttp.Line("X-Forwarded-For", "203.0.113.10"),
                        new RawHttp.Line("X-Forwarded-Method", "GET"),
                        new RawHttp.Line("X-Forwarded-Uri", "/v2/acme/app/manifests/latest"),
                        new RawHttp.Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY)),
                        new RawHttp.Line("traceparent", traceparent)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static List<JsonNode> spans() {
        List<JsonNode> spans = new ArrayList<>();
        RECEIVED.forEach(body -> body.findValues("spans").forEach(list -> list.forEach(spans::add)));
        return spans;
    }

    private static Map<String, String> attributes(JsonNode span) {
        Map<String, String> attributes = new HashMap<>();
        span.path("attributes")
                .forEach(each -> attributes.put(
                        each.path("key").asText(),
                        each.path("value").path("stringValue").asText()));
        return attributes;
    }
}
