package dev.postern.policy.importing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.postern.policy.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Strict JSON (RFC 8259) to values. An input may hold several texts one after the other, as {@code gh api --paginate} prints
 * them.
 */
final class JsonReader {

    private static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.MAX_DEPTH)
                    .maxStringLength(Limits.MAX_TEXT)
                    .maxNameLength(Limits.MAX_TEXT)
                    .maxNumberLength(100)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final JsonParser parser;
    private int values;

    private JsonReader(String name, JsonParser parser) {
        this.name = name;
        this.parser = parser;
    }

    /** The values of an input, none where it is not JSON, which is reported. */
    static List<Value> read(String name, String text, Findings findings) {
        List<Value> roots = new ArrayList<>();
        try (JsonParser parser = STRICT.createParser(text)) {
            JsonReader reader = new JsonReader(name, parser);
            while (parser.nextToken() != null) {
                roots.add(reader.value());
            }
        } catch (JsonProcessingException e) {
            findings.error(at(name, e.getLocation()), "not JSON: " + firstLine(e.getOriginalMessage()));
            return List.of();
        } catch (TooMany e) {
            findings.error(new Position(name, 1, 1), "more than " + Limits.MAX_VALUES + " values");
            return List.of();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
        if (roots.isEmpty()) {
            findings.error(new Position(name, 1, 1), "nothing is in it; expected JSON");
        }
        return roots;
    }

    private static final class TooMany extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private Value value() throws IOException {
        if (++values > Limits.MAX_VALUES) {
            throw new TooMany();
        }
        Position at = at(name, parser.currentTokenLocation());
        return switch (parser.currentToken()) {
            case START_OBJECT -> fields(at);
            case START_ARRAY -> items(at);
            case VALUE_STRING -> new Value.Text(at, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Number(at, parser.getText());
            case VALUE_TRUE -> new Value.Truth(at, true);
            case VALUE_FALSE -> new Value.Truth(at, false);
            case VALUE_NULL -> new Value.Nothing(at);
            default -> throw new IllegalStateException("no value begins with " + parser.currentToken());
        };
    }

    private Value fields(Position at) throws IOException {
        Map<String, Value> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            entries.put(key, value());
        }
        return new Value.Fields(at, entries);
    }

    private Value items(Position at) throws IOException {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return new Value.Items(at, items);
    }

    private static Position at(String name, JsonLocation location) {
        return location == null
                ? new Position(name, 1, 1)
                : new Position(name, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }
}
