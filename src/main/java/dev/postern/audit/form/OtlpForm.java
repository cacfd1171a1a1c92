package dev.postern.audit.form;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.audit.JsonLine;
import dev.postern.audit.OtlpJson;
import dev.postern.decision.Decision;
import java.nio.charset.StandardCharsets;

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
            out.writeStringField("timeUnixNano", OtlpJson.nanos(event.time()));
            out.writeNumberField("severityNumber", isRefused ? WARN : INFO);
            out.writeStringField("severityText", isRefused ? "WARN" : "INFO");
            JsonLine.object(
                    out,
                    "body",
                    value -> value.writeStringField(
                            "stringValue", new String(line, 0, line.length - 1, StandardCharsets.US_ASCII)));
            out.writeArrayFieldStart("attributes");
            OtlpJson.attribute(out, "event.name", "postern.decision");
            OtlpJson.attribute(out, "postern.decision", event.id());
            OtlpJson.attribute(out, "postern.door", event.door());
            OtlpJson.attribute(out, "postern.outcome", facts.outcome());
            OtlpJson.attribute(out, "postern.reason", facts.reason());
            out.writeEndArray();
        });
    }
}
