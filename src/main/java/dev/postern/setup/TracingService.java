package dev.postern.setup;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.AuditLog;
import dev.postern.audit.JsonLine;
import dev.postern.audit.sink.OtlpHttp;
import dev.postern.timing.Courses;
import dev.postern.timing.Recorder;
import dev.postern.timing.Trace;
import dev.postern.timing.Traceparent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Traces of decisions to a collector of OpenTelemetry, where the settings name one. A span is a decision, with one below it for
 * each step. It names the decision and its reason, and nobody: no address, no account, no credential.
 */
@ApplicationScoped
public class TracingService implements Recorder {

    private static final String PREFIX = "postern.tracing.";
    private static final int SERVER = 2;
    private static final int INTERNAL = 1;
    /** Whatever callers say. */
    private static final int MOST_A_SECOND = 200;

    private static final HexFormat HEX = HexFormat.of();

    private final Optional<AuditLog> log;
    private final double ratio;
    private final LongAdder recorded = new LongAdder();
    private final AtomicLong window = new AtomicLong();
    private final MeterRegistry meters;
    private List<Meter> shown = List.of();

    TracingService(PosternConfig config, MeterRegistry meters) {
        PosternConfig.Tracing tracing = config.tracing();
        this.meters = meters;
        this.ratio = tracing.ratio();
        Bounds.check(PREFIX + "ratio", ratio, 0.0, 1.0);
        Bounds.check(PREFIX + "timeout", tracing.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        this.log = tracing.url().map(url -> new AuditLog("traces", collector(url, tracing, config.service())));
    }

    private static OtlpHttp collector(URI url, PosternConfig.Tracing tracing, String service) {
        boolean known = url.getHost() != null
                && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getUserInfo() == null;
        if (!known) {
            throw new StartFault(
                    PREFIX + "url is not a URL of that form; expected http://HOST:PORT/v1/traces or https");
        }
        return new OtlpHttp(
                OtlpHttp.Signal.TRACES,
                url,
                tracing.timeout(),
                tracing.bearerTokenFile(),
                Optional.empty(),
                "postern",
                BuiltVersion.text());
    }

    /** Before requests come. */
    void begin(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event, Courses courses) {
        if (log.isPresent()) {
            courses.recordedBy(this);
            shown = List.of(
                    FunctionCounter.builder("postern.traces", recorded, LongAdder::sum)
                            .description("Decisions that were recorded as traces")
                            .register(meters),
                    FunctionCounter.builder("postern.traces.lost.spans", log.get(), AuditLog::lost)
                            .description("Spans that the collector did not take, or for which there was no room")
                            .register(meters));
        }
    }

    void end(@Observes ShutdownEvent event) {
        AuditLog.closeAll(log.stream().toList());
        shown.forEach(meters::remove);
    }

    @Override
    public Optional<Trace> begin(long began, boolean believed, Supplier<Optional<String>> traceparent) {
        Optional<Traceparent> parent = traceparent.get().flatMap(Traceparent::parse);
        boolean asked = believed && parent.map(Traceparent::sampled).orElse(false);
        boolean taken = (asked || ThreadLocalRandom.current().nextDouble() < ratio) && isWithinRate(began);
        return taken ? Optional.of(Trace.begin(parent, Instant.now(), began)) : Optional.empty();
    }

    /** The upper half is the second, the lower how many there were in it. */
    private boolean isWithinRate(long nanos) {
        long second = nanos / 1_000_000_000L & 0x7fff_ffffL;
        long next = window.updateAndGet(before -> before >>> 32 == second ? before + 1 : second << 32 | 1);
        return (next & 0xffff_ffffL) <= MOST_A_SECOND;
    }

    @Override
    public void take(Trace.Recorded course) {
        recorded.increment();
        String traceId = course.parent().map(Traceparent::traceId).orElseGet(() -> id() + id());
        String spanId = id();
        AuditLog to = log.orElseThrow();
        to.write(JsonLine.of(out -> {
            span(out, traceId, spanId, course.parent().map(Traceparent::parentId), SERVER);
            out.writeStringField("name", "postern " + course.door());
            times(out, course.from(), course.to());
            out.writeArrayFieldStart("attributes");
            attribute(out, "postern.decision", course.decision());
            attribute(out, "postern.door", course.door());
            attribute(out, "postern.outcome", course.outcome());
            attribute(out, "postern.reason", course.reason());
            out.writeEndArray();
        }));
        for (Trace.Passed step : course.steps()) {
            to.write(JsonLine.of(out -> {
                span(out, traceId, id(), Optional.of(spanId), INTERNAL);
                out.writeStringField("name", step.step().wireName());
                times(out, step.from(), step.to());
            }));
        }
    }

    private static void span(JsonGenerator out, String traceId, String spanId, Optional<String> parent, int kind)
            throws IOException {
        out.writeStringField("traceId", traceId);
        out.writeStringField("spanId", spanId);
        if (parent.isPresent()) {
            out.writeStringField("parentSpanId", parent.get());
        }
        out.writeNumberField("kind", kind);
    }

    private static void times(JsonGenerator out, Instant from, Instant to) throws IOException {
        out.writeStringField("startTimeUnixNano", nanos(from));
        out.writeStringField("endTimeUnixNano", nanos(to));
    }

    private static String nanos(Instant time) {
        return Long.toString(Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano()));
    }

    private static void attribute(JsonGenerator out, String key, String value) throws IOException {
        out.writeStartObject();
        out.writeStringField("key", key);
        JsonLine.object(out, "value", of -> of.writeStringField("stringValue", value));
        out.writeEndObject();
    }

    /** Sixteen digits, not all of them zero. */
    private static String id() {
        return HEX.toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
