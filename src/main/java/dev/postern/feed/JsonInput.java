package dev.postern.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.Reader;
import java.util.function.Function;

/** A JSON document, read from front to back: what is asked for must be of its type, and the rest is passed over. */
final class JsonInput {

    private static final int LOOK_AHEAD = 1024;
    private static final int MAX_NAME = 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            // Two values of one name: whichever were taken, it might be the wrong one.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // The names are the publisher's: they go into no table that is shared and outlives the file.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(100)
                    .maxStringLength(64 * 1024)
                    .build())
            .build();

    private final JsonParser parser;

    /** Reads the value of a member, at which the input stands; leaves it at the value's end. */
    @FunctionalInterface
    interface Member {
        void read(String name) throws IOException, Refusal;
    }

    /** Reads an element, at which the input stands; leaves it at the element's end. */
    @FunctionalInterface
    interface Element {
        void read(int index) throws IOException, Refusal;
    }

    private JsonInput(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads a document that is one object, and nothing after it. */
    static void document(Reader in, Function<JsonInput, Member> members) throws IOException, Refusal {
        requireNoMarkup(in);
        try (JsonParser parser = JSON.createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)) {
            JsonInput input = new JsonInput(parser);
            if (parser.nextToken() == null) {
                throw new Refusal("is empty");
            }
            input.object(members.apply(input));
            if (parser.nextToken() != null) {
                throw new Refusal("goes on after its end, at " + input.position());
            }
        }
    }

    /** The commonest thing that comes instead: a page for people. The parser's own words would not say so. */
    private static void requireNoMarkup(Reader in) throws IOException, Refusal {
        in.mark(LOOK_AHEAD);
        for (int i = 0; i < LOOK_AHEAD; i++) {
            int c = in.read();
            if (c == '<') {
                throw new Refusal("is HTML or XML, not JSON: the page of a login, a proxy or an error?");
            }
            if (c < 0 || c > ' ') {
                break;
            }
        }
        in.reset();
    }

    void object(Member member) throws IOException, Refusal {
        require(JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (name.length() > MAX_NAME) {
                throw new Refusal("has a name of more than " + MAX_NAME + " characters, at " + position());
            }
            parser.nextToken();
            member.read(name);
        }
    }

    void list(Element element) throws IOException, Refusal {
        require(JsonToken.START_ARRAY, "a list");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            element.read(i);
        }
    }

    boolean isList() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    String text() throws IOException, Refusal {
        require(JsonToken.VALUE_STRING, "a text");
        return parser.getText();
    }

    /** The text with its place: in the list of that pointer. */
    Place place(String list, int index, String member) throws IOException, Refusal {
        String text = text();
        JsonLocation at = parser.currentTokenLocation();
        return new Place(text, list, index, member, at.getLineNr(), at.getColumnNr());
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    private void require(JsonToken token, String what) throws Refusal {
        JsonToken found = parser.currentToken();
        if (found != token) {
            String pointer = parser.getParsingContext().pathAsPointer().toString();
            throw new Refusal("expected " + what + " at " + (pointer.isEmpty() ? "its root" : Words.shown(pointer, 200))
                    + " (" + position() + "), found " + kind(found));
        }
    }

    private String position() {
        JsonLocation at = parser.currentTokenLocation();
        return "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> "nothing";
        };
    }
}
