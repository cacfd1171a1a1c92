package dev.postern.identity.oidc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.postern.identity.federation.SaidClaims.Nested;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.identity.federation.SaidClaims.Texts;
import dev.postern.identity.federation.SaidClaims.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON of others: bounded in depth and length, and refused where a name stands twice. */
final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNameLength(512)
                    .maxNumberLength(64)
                    .maxStringLength(64 * 1024)
                    .build())
            .build();

    private Json() {}

    /** Reads as these bounds have it. */
    static JsonParser reading(byte[] bytes) throws IOException {
        return FACTORY.createParser(bytes);
    }

    /**
     * The members of an object that is all there is.
     *
     * @throws IOException for anything else
     */
    static Map<String, Value> object(byte[] bytes) throws IOException {
        try (JsonParser in = FACTORY.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            Map<String, Value> members = members(in);
            if (in.nextToken() != null) {
                throw new IOException("more than an object");
            }
            return members;
        }
    }

    private static Map<String, Value> members(JsonParser in) throws IOException {
        Map<String, Value> members = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            switch (in.nextToken()) {
                case START_OBJECT -> members.put(name, new Nested(members(in)));
                case START_ARRAY -> members.put(name, new Texts(texts(in)));
                case VALUE_NULL -> {}
                default -> members.put(name, new Text(in.getText()));
            }
        }
        if (in.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("an object without an end");
        }
        return members;
    }

    private static List<String> texts(JsonParser in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            if (token == null) {
                throw new IOException("a list without an end");
            }
            if (token.isStructStart()) {
                in.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                texts.add(in.getText());
            }
        }
        return texts;
    }

    /** The objects of a list under a name of the object that is all there is; without what is no object. */
    static List<Map<String, Value>> objects(byte[] bytes, String list, int most) throws IOException {
        List<Map<String, Value>> objects = new ArrayList<>();
        boolean found = false;
        try (JsonParser in = FACTORY.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken token = in.nextToken();
                if (!name.equals(list)) {
                    in.skipChildren();
                } else if (token != JsonToken.START_ARRAY) {
                    throw new IOException("'" + list + "' is no list");
                } else {
                    found = true;
                    for (token = in.nextToken(); token == JsonToken.START_OBJECT; token = in.nextToken()) {
                        objects.add(members(in));
                        if (objects.size() > most) {
                            throw new IOException("more than " + most + " of '" + list + "'");
                        }
                    }
                    if (token != JsonToken.END_ARRAY) {
                        throw new IOException("'" + list + "' has something that is no object");
                    }
                }
            }
            if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
                throw new IOException("not one object");
            }
        }
        if (!found) {
            throw new IOException("no '" + list + "'");
        }
        return objects;
    }
}
