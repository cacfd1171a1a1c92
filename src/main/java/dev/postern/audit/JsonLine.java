package dev.postern.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object on one line, of printable ASCII alone: no word of a caller's ends it, or reaches a terminal. */
public final class JsonLine {

    private static final JsonFactory JSON = new JsonFactory();
    /** What is not printable ASCII is escaped: there are line ends and terminal controls beyond it. */
    private static final int LAST_PRINTABLE = 0x7e;

    private static final CharacterEscapes ESCAPES = new Escapes();

    /** Of ASCII, DEL is escaped, too. */
    private static final class Escapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;
        private final int[] ascii = standardAsciiEscapesForJSON();

        Escapes() {
            ascii[LAST_PRINTABLE + 1] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }

    /** Writes the fields of an object. */
    public interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private JsonLine() {}

    /** The object with its line's end. */
    public static byte[] of(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.setCharacterEscapes(ESCAPES);
            out.setHighestNonEscapedChar(LAST_PRINTABLE);
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    /** A field that is an object. */
    public static void object(JsonGenerator out, String name, Fields fields) throws IOException {
        out.writeObjectFieldStart(name);
        fields.write(out);
        out.writeEndObject();
    }

    /** A field that is an array of texts. */
    public static void texts(JsonGenerator out, String name, Iterable<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    /** A field that may not be there. */
    public static void optional(JsonGenerator out, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get());
        }
    }
}
