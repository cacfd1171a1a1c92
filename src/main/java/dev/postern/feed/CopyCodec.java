package dev.postern.feed;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.fetch.BoundedInput;
import dev.postern.fetch.Validators;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A copy as JSON, with what is known of it. Read back, it is the same copy or none: the digest is checked. */
public final class CopyCodec {

    private static final String VERSION = "1";

    private CopyCodec() {}

    /**
     * A copy as it is kept.
     *
     * @param copy the copy
     * @param heldBack why it waits for a person; empty where it does not
     */
    public record Kept(FeedCopy copy, Optional<String> heldBack) {}

    /** What became of reading one. */
    public sealed interface Reading {}

    /** It is whole. */
    public record Whole(Kept kept) implements Reading {}

    /** It is not, or of another feed; {@code why} says what is wrong. */
    public record Corrupt(String why) implements Reading {}

    /** Writes a copy; does not close the stream. */
    public static void write(OutputStream out, FeedDeclaration feed, Kept kept) throws IOException {
        FeedCopy copy = kept.copy();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("version", VERSION);
            json.writeStringField("zone", feed.zone());
            json.writeStringField("source", feed.id().source());
            json.writeStringField("feed", feed.text());
            json.writeStringField("etag", copy.validators().etag().orElse(""));
            json.writeStringField(
                    "last-modified", copy.validators().lastModified().orElse(""));
            json.writeStringField("fetched-at", copy.fetchedAt().toString());
            json.writeStringField("confirmed-at", copy.confirmedAt().toString());
            json.writeStringField("prefixes", Integer.toString(copy.prefixes()));
            json.writeStringField("held-back", kept.heldBack().orElse(""));
            json.writeStringField("digest", copy.digest());
            json.writeArrayFieldStart("ranges");
            for (AddressRange range : copy.addresses().ranges()) {
                json.writeString(range.toString());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * Reads a copy back; does not close the stream.
     *
     * @param now no instant in it counts as later than this
     */
    public static Reading read(InputStream in, FeedId id, FeedParser.Limits limits, Instant now) {
        Map<String, String> texts = new HashMap<>();
        Prefixes prefixes = new Prefixes(limits.prefixes());
        try {
            // A range may take more room here than with its publisher.
            JsonInput.document(FeedParser.text(new BoundedInput(in, 8 * limits.bytes())), json -> name -> {
                if (name.equals("ranges")) {
                    json.list(index -> prefixes.addRange(json.place("/ranges", index, "")));
                } else {
                    texts.put(name, json.text());
                }
            });
            return checked(texts, prefixes.addresses(), id, now);
        } catch (Refusal refusal) {
            return new Corrupt(refusal.why());
        } catch (JacksonException e) {
            return new Corrupt(JsonFeeds.explain(e));
        } catch (IOException e) {
            return new Corrupt("cannot be read to its end (" + e.getClass().getSimpleName() + ")");
        } catch (DateTimeException | NumberFormatException e) {
            return new Corrupt("has a time or a number that is none");
        }
    }

    private static Reading checked(Map<String, String> texts, AddressSet addresses, FeedId id, Instant now) {
        if (!VERSION.equals(texts.get("version"))) {
            return new Corrupt("is not a copy of this version");
        }
        if (!id.zone().equals(texts.get("zone")) || !id.source().equals(texts.get("source"))) {
            return new Corrupt("is a copy of another feed");
        }
        String digest = FeedCopy.digest(addresses);
        if (addresses.isEmpty() || !digest.equals(texts.get("digest"))) {
            return new Corrupt("has not the addresses that its digest is of");
        }
        FeedCopy copy = new FeedCopy(
                addresses,
                Integer.parseInt(texts.getOrDefault("prefixes", "")),
                digest,
                new Validators(text(texts, "etag"), text(texts, "last-modified")),
                instant(texts, "fetched-at", now),
                instant(texts, "confirmed-at", now));
        return new Whole(new Kept(copy, text(texts, "held-back")));
    }

    private static Optional<String> text(Map<String, String> texts, String name) {
        return Optional.ofNullable(texts.get(name)).filter(text -> !text.isEmpty());
    }

    private static Instant instant(Map<String, String> texts, String name, Instant now) {
        Instant instant = Instant.parse(texts.getOrDefault(name, ""));
        return instant.isAfter(now) ? now : instant;
    }
}
