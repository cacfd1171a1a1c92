package dev.postern.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedState;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/** Feeds as JSON: {@code feeds}, with one object for each. */
final class FeedJson implements AutoCloseable {

    private final StringWriter text = new StringWriter();
    private final JsonGenerator out;

    FeedJson() throws IOException {
        out = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter();
        out.writeStartObject();
        out.writeArrayFieldStart("feeds");
    }

    void begin(FeedDeclaration feed, FeedState state) throws IOException {
        out.writeStartObject();
        out.writeStringField("zone", feed.zone());
        out.writeStringField("feed", feed.text());
        out.writeStringField("outcome", state.outcome().wireName());
        out.writeStringField("detail", state.detail());
    }

    /** A member for a copy; none where there is none. */
    void copy(String name, Optional<FeedCopy> copy) throws IOException {
        if (copy.isPresent()) {
            out.writeObjectFieldStart(name);
            out.writeNumberField("prefixes", copy.get().prefixes());
            out.writeStringField("digest", copy.get().digest());
            out.writeStringField("fetched_at", copy.get().fetchedAt().toString());
            out.writeStringField("confirmed_at", copy.get().confirmedAt().toString());
            out.writeEndObject();
        }
    }

    void ranges(String name, AddressSet addresses) throws IOException {
        out.writeArrayFieldStart(name);
        for (AddressRange range : addresses.ranges()) {
            out.writeString(range.toString());
        }
        out.writeEndArray();
    }

    void field(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
    }

    void end() throws IOException {
        out.writeEndObject();
    }

    String text() throws IOException {
        out.writeEndArray();
        out.writeEndObject();
        out.flush();
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
