package dev.postern.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A collector of OpenTelemetry as far as traces go: it takes OTLP over HTTP, in protobuf and in JSON, by the protocol's own messages.
 * What they do not know, it refuses, and the test with it.
 */
public final class TraceCollector implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final Queue<String> texts = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final HttpServer http;

    /** A span, and the service whose it is. */
    public record Received(String service, Span span) {
        /** An attribute's text. */
        public String attribute(String key) {
            return span.getAttributesList().stream()
                    .filter(each -> each.getKey().equals(key))
                    .map(each -> each.getValue().getStringValue())
                    .findFirst()
                    .orElse("");
        }
    }

    /** A collector on a free port of loopback. */
    public TraceCollector() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/v1/traces", this::take);
        http.start();
    }

    /** Its port. */
    public int port() {
        return http.getAddress().getPort();
    }

    /** Where traces are sent. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/v1/traces";
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
            try {
                switch (type) {
                    case "application/json" -> {
                        String text = new String(body, StandardCharsets.UTF_8);
                        texts.add(text);
                        received.addAll(spans(json(text)));
                    }
                    case "application/x-protobuf" -> received.addAll(spans(ExportTraceServiceRequest.parseFrom(body)));
                    default -> throw new IOException("a body of type " + type);
                }
                exchange.getResponseHeaders().add("Content-Type", type);
                exchange.sendResponseHeaders(200, -1);
            } catch (IOException | RuntimeException e) {
                faults.add(e.toString());
                exchange.sendResponseHeaders(400, -1);
            }
        }
    }

    /** The message of a JSON body; an exception says what is not of its form. */
    public static ExportTraceServiceRequest json(String text) throws IOException {
        JsonNode tree = JSON.readTree(text);
        // The one difference to the JSON of every other protobuf message: ids are hexadecimal, not base64.
        for (JsonNode list : tree.findValues("spans")) {
            for (JsonNode span : list) {
                hex((ObjectNode) span, "traceId", 16);
                hex((ObjectNode) span, "spanId", 8);
                if (span.has("parentSpanId")) {
                    hex((ObjectNode) span, "parentSpanId", 8);
                }
            }
        }
        ExportTraceServiceRequest.Builder message = ExportTraceServiceRequest.newBuilder();
        JsonFormat.parser().merge(tree.toString(), message);
        return message.build();
    }

    private static void hex(ObjectNode span, String field, int bytes) {
        byte[] id = HexFormat.of().parseHex(span.path(field).asText());
        if (id.length != bytes) {
            throw new IllegalArgumentException(field + " is of " + id.length + " bytes");
        }
        span.put(field, Base64.getEncoder().encodeToString(id));
    }

    private static List<Received> spans(ExportTraceServiceRequest message) {
        List<Received> spans = new ArrayList<>();
        message.getResourceSpansList().forEach(of -> {
            String service = of.getResource().getAttributesList().stream()
                    .filter(each -> each.getKey().equals("service.name"))
                    .map(each -> each.getValue().getStringValue())
                    .findFirst()
                    .orElseThrow();
            of.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(new Received(service, span))));
        });
        return spans;
    }

    /** An id as the header has it. */
    public static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    /** What has come of a trace so far. */
    public List<Received> of(String traceId) {
        return received.stream()
                .filter(each -> hex(each.span().getTraceId()).equals(traceId))
                .toList();
    }

    /** All that has come so far. */
    public List<Received> all() {
        if (!faults.isEmpty()) {
            throw new AssertionError("a collector would not take it: " + faults);
        }
        return List.copyOf(received);
    }

    /** Bodies in JSON, as they came. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    /** The span above one, once it is there. */
    public Received awaitParent(Received child) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (Received each : all()) {
                if (each.span().getSpanId().equals(child.span().getParentSpanId())) {
                    return each;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("nothing above " + child + " in " + received);
    }

    /** The span of this decision, once it and so many steps of it are there. */
    public Received await(String decision, int steps) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (Received each : all()) {
                if (each.attribute("postern.decision").equals(decision)
                        && below(each).size() == steps) {
                    return each;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no span of the decision " + decision + " with " + steps + " steps: " + received);
    }

    /** The spans below one, in the order of their beginning. */
    public List<Received> below(Received parent) {
        return received.stream()
                .filter(each ->
                        each.span().getParentSpanId().equals(parent.span().getSpanId()))
                .toList();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
