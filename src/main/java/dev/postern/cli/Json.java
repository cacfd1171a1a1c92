package dev.postern.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One JSON object, member by member in order. Texts, numbers, truths, maps and lists of them. */
final class Json {

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** With this member. */
    Json with(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /** With this member, if there is a value. */
    Json with(String name, Optional<?> value) {
        value.ifPresent(present -> members.put(name, present));
        return this;
    }

    /** The members. */
    Map<String, Object> tree() {
        return members;
    }

    /** The text, over several lines. */
    String text() {
        return text(members);
    }

    /** The text on one line. */
    String line() {
        return write(members, false);
    }

    /** Any such value as text, over several lines. */
    static String text(Object value) {
        return write(value, true);
    }

    /** Any such value as text on one line. */
    static String line(Object value) {
        return write(value, false);
    }

    private static String write(Object value, boolean isPretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            if (isPretty) {
                out.useDefaultPrettyPrinter();
            }
            write(out, value);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case Json json -> write(out, json.members);
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> field : map.entrySet()) {
                    out.writeFieldName(String.valueOf(field.getKey()));
                    write(out, field.getValue());
                }
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                for (Object item : list) {
                    write(out, item);
                }
                out.writeEndArray();
            }
            case Long number -> out.writeNumber(number);
            case Integer number -> out.writeNumber(number);
            case Boolean truth -> out.writeBoolean(truth);
            default -> out.writeString(value.toString());
        }
    }
}
