package dev.postern.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import java.io.IOException;

/** A source as JSON: in audit events, and for whoever asks what Postern sees of them. */
public final class SourceJson {

    private SourceJson() {}

    /** Writes the source as an object: its side, what is known of it, and the evidence. */
    public static void write(JsonGenerator out, Source source) throws IOException {
        out.writeStartObject();
        switch (source) {
            case Source.PublicSource known -> {
                out.writeStringField("side", "public");
                out.writeStringField("address", known.address().toString());
            }
            case Source.PrivateSource known -> {
                out.writeStringField("side", "private");
                JsonLine.optional(out, "address", known.observed().map(Object::toString));
                JsonLine.optional(out, "originator", known.originator().map(Object::toString));
                JsonLine.optional(out, "link", known.linkId().map(Object::toString));
                out.writeStringField("endpoint", known.endpoint());
            }
            case Source.UnknownSource unknown -> {
                out.writeStringField("side", "unknown");
                out.writeStringField("why", unknown.why().wireName());
                JsonLine.optional(out, "remedy", unknown.why().remedy());
            }
        }
        out.writeArrayFieldStart("evidence");
        for (Hop hop : source.evidence()) {
            out.writeStartObject();
            out.writeStringField("address", hop.address());
            out.writeStringField("by", hop.by().wireName());
            out.writeStringField("finding", hop.finding().wireName());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
