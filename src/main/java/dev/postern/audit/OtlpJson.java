package dev.postern.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;

/** What log records and spans of OTLP have in common in JSON (OTLP specification, <em>JSON Protobuf Encoding</em>). */
public final class OtlpJson {

    private OtlpJson() {}

    /** Nanoseconds since 1970: 64-bit numbers are texts there. */
    public static String nanos(Instant time) {
        return Long.toString(Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano()));
    }

    /** An attribute whose value is a text. */
    public static void attribute(JsonGenerator out, String key, String value) throws IOException {
        out.writeStartObject();
        out.writeStringField("key", key);
        JsonLine.object(out, "value", of -> of.writeStringField("stringValue", value));
        out.writeEndObject();
    }
}
