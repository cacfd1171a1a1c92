package dev.postern.audit.form;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.audit.JsonLine;
import dev.postern.decision.Decision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Another form as the body of a log record of OpenTelemetry, in the JSON of OTLP (<em>LogRecord</em> of {@code
 * opentelemetry/proto/logs/v1/logs.proto}).
 */
public final class OtlpForm implements AuditForm {

    private static final int INFO = 9;
    private static final int WARN = 13;

    private final AuditForm body;

    /** Records with bodies of this form. */
    public OtlpForm(AuditForm body) {
        this.body = body;
    }

    @Override
    public byte[] line(AuditEvent event) {
        byte[] line = body.line(event);
        boolean isRefused = event.decision() instanceof Decision.Refused;
        Facts facts = new Facts(event);
        return JsonLine.of(out -> {
            // 64-bit numbers are texts in the JSON of protocol buffers.
            out.writeStringField("timeUnixNano", nanos(event.time()));
            out.writeNumberField("severityNumber", isRefused ? WARN : INFO);
            out.writeStringField("severityText", isRefused ? "WARN" : "INFO");
            JsonLine.object(
                    out,
                    "body",
                    value -> value.writeStringField(
                            "stringValue", new String(line, 0, line.length - 1, StandardCharsets.US_ASCII)));
            out.writeArrayFieldStart("attributes");
            attribute(out, "event.name", "postern.decision");
            attribute(out, "postern.decision", event.id());
            attribute(out, "postern.door", event.door());
            attribute(out, "postern.outcome", facts.outcome());
            attribute(out, "postern.reason", facts.reason());
            out.writeEndArray();
        });
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
}
