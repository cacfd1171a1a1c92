package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestPolicy;
import dev.postern.testing.TraceCollector;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Decisions as spans, at a collector that takes OTLP over HTTP. Nothing is recorded but what proxies record. */
@QuarkusTest
@WithTestResource(TracingTest.Collector.class)
class TracingTest {

    private static final TraceCollector COLLECTOR = new TraceCollector();
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String PROXY = "127.0.0.1";
    private static final String STRANGER = "127.0.0.9";

    /** Of this test alone. */
    private final String trace =
            HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextLong()) + "a3ce929d0e0e4736";

    @TestHTTPResource
    URI server;

    /** A Postern that records what proxies record, and nothing else. */
    public static final class Collector implements QuarkusTestResourceLifecycleManager {
        private final PosternResource postern = new PosternResource();

        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "postern.tracing.url",
                    COLLECTOR.url(),
                    "postern.tracing.ratio",
                    "0",
                    "postern.envoy.enabled",
                    "true",
                    "postern.forward.enabled",
                    "true",
                    "postern.registry.mode",
                    "identity",
                    "postern.source.trusted-proxies",
                    PROXY));
            postern.init(settings);
            return postern.start();
        }

        @Override
        public void stop() {
            postern.stop();
        }
    }

    @Test
    void what_a_proxy_records_is_a_span_of_its_trace_with_one_for_each_step() throws Exception {
        // When
        String decision = forward(parent(true)).header("X-Postern-Decision");

        // Then
        TraceCollector.Received received = COLLECTOR.await(decision, 3);
        Span span = received.span();
        assertThat(received.service()).isEqualTo("postern");
        assertThat(span.getName()).isEqualTo("postern forward");
        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(TraceCollector.hex(span.getTraceId())).isEqualTo(trace);
        assertThat(TraceCollector.hex(span.getParentSpanId())).isEqualTo(PARENT);
        assertThat(received.attribute("postern.door")).isEqualTo("forward");
        assertThat(received.attribute("postern.outcome")).isEqualTo("granted");
        assertThat(received.attribute("postern.reason")).isEqualTo("granted");
        assertThat(COLLECTOR.below(received).stream().map(TraceCollector.Received::span))
                .allSatisfy(step -> {
                    assertThat(step.getTraceId()).isEqualTo(span.getTraceId());
                    assertThat(step.getStartTimeUnixNano())
                            .isBetween(span.getStartTimeUnixNano(), step.getEndTimeUnixNano());
                    assertThat(step.getEndTimeUnixNano()).isLessThanOrEqualTo(span.getEndTimeUnixNano());
                })
                .extracting(Span::getName)
                .containsExactly("source", "credential", "gate");
    }

    @Test
    void no_span_says_who_it_was_or_from_where() throws Exception {
        // When
        COLLECTOR.await(forward(parent(true)).header("X-Postern-Decision"), 3);

        // Then
        assertThat(COLLECTOR.texts())
                .isNotEmpty()
                .noneMatch(text -> text.contains("203.0.113.10")
                        || text.contains("127.0.0.1")
                        || text.contains("acme")
                        || text.contains("bot")
                        || text.contains(TestPolicy.API_KEY));
    }

    @Test
    void what_the_proxy_does_not_record_is_not() throws Exception {
        // When
        List<String> notRecorded = new ArrayList<>();
        for (String traceparent : List.of(parent(false), parent(true).toUpperCase(java.util.Locale.ROOT), "nonsense")) {
            notRecorded.add(forward(traceparent).header("X-Postern-Decision"));
        }
        notRecorded.add(forward(parent(true), parent(true)).header("X-Postern-Decision"));
        COLLECTOR.await(forward(parent(true)).header("X-Postern-Decision"), 3);

        // Then: spans come in the order of decisions
        assertThat(notRecorded).hasSize(4).doesNotContain("");
        assertThat(COLLECTOR.all())
                .extracting(each -> each.attribute("postern.decision"))
                .doesNotContainAnyElementsOf(notRecorded);
    }

    @Test
    void envoys_own_word_is_in_the_calls_metadata_and_a_strangers_among_the_headers_asked_about() throws Exception {
        // Given
        CheckRequest asked = EnvoyClient.line(
                        EnvoyClient.route(
                                EnvoyClient.request("203.0.113.10", "GET", "/v2/acme/app/manifests/latest"),
                                Map.of("postern.mode", "network")),
                        "traceparent",
                        "00-11111111111111111111111111111111-2222222222222222-01")
                .build();
        try (EnvoyClient envoy = new EnvoyClient(server)) {
            // When
            CheckResponse strangers = envoy.check(asked);
            CheckResponse envoys = envoy.check(asked, "traceparent", parent(true));

            // Then
            TraceCollector.Received received = COLLECTOR.await(decision(envoys), 3);
            assertThat(received.span().getName()).isEqualTo("postern envoy");
            assertThat(TraceCollector.hex(received.span().getTraceId())).isEqualTo(trace);
            assertThat(COLLECTOR.all())
                    .extracting(each -> each.attribute("postern.decision"))
                    .doesNotContain(decision(strangers));
        }
    }

    @Test
    void at_the_token_service_a_proxy_is_believed_and_a_stranger_is_not() throws Exception {
        // When
        String strangers = token(STRANGER);
        String proxys = token(PROXY);

        // Then
        TraceCollector.Received received = COLLECTOR.await(proxys, 4);
        assertThat(received.span().getName()).isEqualTo("postern registry");
        assertThat(TraceCollector.hex(received.span().getParentSpanId())).isEqualTo(PARENT);
        assertThat(COLLECTOR.below(received))
                .extracting(step -> step.span().getName())
                .containsExactly("source", "credential", "gate", "signing");
        assertThat(COLLECTOR.all())
                .extracting(each -> each.attribute("postern.decision"))
                .doesNotContain(strangers);
    }

    private String parent(boolean recorded) {
        return "00-" + trace + "-" + PARENT + (recorded ? "-01" : "-00");
    }

    private RawHttp.Answer forward(String... traceparents) {
        List<RawHttp.Line> lines = new ArrayList<>(List.of(
                new RawHttp.Line("Host", "registry.localhost"),
                new RawHttp.Line("X-Forwarded-For", "203.0.113.10"),
                new RawHttp.Line("X-Forwarded-Method", "GET"),
                new RawHttp.Line("X-Forwarded-Uri", "/v2/acme/app/manifests/latest"),
                new RawHttp.Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY))));
        for (String traceparent : traceparents) {
            lines.add(new RawHttp.Line("traceparent", traceparent));
        }
        RawHttp.Answer answer = RawHttp.get(server, "/forward/forwarded?mode=identity", lines);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private String token(String from) {
        RawHttp.Answer answer = RawHttp.getFrom(
                from,
                server,
                RawHttp.tokenTarget("registry.localhost", List.of("repository:acme/app:pull")),
                List.of(
                        new RawHttp.Line("Host", "registry.localhost"),
                        new RawHttp.Line("X-Forwarded-For", "203.0.113.10"),
                        new RawHttp.Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY)),
                        new RawHttp.Line("traceparent", parent(true))));
        String decision = answer.header("X-Postern-Decision");
        assertThat(decision).as(answer.body()).isNotEmpty();
        return decision;
    }

    private static String decision(CheckResponse response) {
        return response.getDynamicMetadata().getFieldsOrThrow("decision").getStringValue();
    }
}
