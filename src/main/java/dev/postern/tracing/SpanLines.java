package dev.postern.tracing;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.JsonLine;
import dev.postern.decision.Reason;
import dev.postern.timing.Trace;
import dev.postern.timing.Traceparent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A decision as spans of OTLP in JSON, each on a line: one for it, and one below for each step. Ids are hexadecimal there, and times
 * texts (OTLP specification, <em>JSON Protobuf Encoding</em>).
 */
final class SpanLines {

    private static final int INTERNAL = 1;
    private static final int SERVER = 2;
    private static final int ERROR = 2;
    /** Bits of a span's flags, as its definition numbers them. */
    private static final int SAMPLED = 0x1;

    private static final int KNOWS_WHERE_ITS_PARENT_IS = 0x100;
    private static final int PARENT_IS_ELSEWHERE = 0x200;

    private static final HexFormat HEX = HexFormat.of();

    private final LongSupplier random;

    /** Spans with ids of these numbers. */
    SpanLines(LongSupplier random) {
        this.random = random;
    }

    List<byte[]> of(Trace.Recorded course) {
        String traceId = course.parent().map(Traceparent::traceId).orElseGet(() -> id() + id());
        String spanId = id();
        List<byte[]> lines = new ArrayList<>();
        lines.add(JsonLine.of(out -> {
            ids(out, traceId, spanId, course.parent().map(Traceparent::parentId), PARENT_IS_ELSEWHERE);
            out.writeStringField("name", "postern " + course.door());
            out.writeNumberField("kind", SERVER);
            times(out, course.from(), course.to());
            out.writeArrayFieldStart("attributes");
            attribute(out, "postern.decision", course.decision());
            attribute(out, "postern.door", course.door());
            attribute(out, "postern.outcome", course.outcome());
            attribute(out, "postern.reason", course.reason());
            out.writeEndArray();
            // A refusal is an answer. That nothing could be decided is a fault of the server's.
            if (course.reason().equals(Reason.UNAVAILABLE.wireName())) {
                JsonLine.object(out, "status", of -> of.writeNumberField("code", ERROR));
            }
        }));
        for (Trace.Passed step : course.steps()) {
            lines.add(JsonLine.of(out -> {
                ids(out, traceId, id(), Optional.of(spanId), 0);
                out.writeStringField("name", step.step().wireName());
                out.writeNumberField("kind", INTERNAL);
                times(out, step.from(), step.to());
            }));
        }
        return lines;
    }

    private static void ids(JsonGenerator out, String traceId, String spanId, Optional<String> parent, int where)
            throws IOException {
        out.writeStringField("traceId", traceId);
        out.writeStringField("spanId", spanId);
        JsonLine.optional(out, "parentSpanId", parent);
        out.writeNumberField("flags", SAMPLED | (parent.isPresent() ? KNOWS_WHERE_ITS_PARENT_IS | where : 0));
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

    /** Sixteen digits, not all of them zero: that is no id. */
    private String id() {
        long number = random.getAsLong();
        while (number == 0) {
            number = random.getAsLong();
        }
        return HEX.toHexDigits(number);
    }
}
