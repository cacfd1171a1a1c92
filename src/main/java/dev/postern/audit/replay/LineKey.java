package dev.postern.audit.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What of a line a decision depends on, as one text: lines with equal ones are decided alike. It is read without making an object of
 * anything else.
 */
final class LineKey {

    private static final int MAX_DEPTH = 16;
    private static final char END = '\u0000';

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final Instant[] turns;
    private final StringBuilder text = new StringBuilder(1024);

    /**
     * Keys under a policy.
     *
     * @param turns the instants at which a rule of it begins or ends, in order: between two of them, time does not matter
     */
    LineKey(Instant[] turns) {
        this.turns = turns;
    }

    /** The key of a line; empty where it is no JSON object, or its time is none. */
    Optional<String> of(byte[] bytes, int from, int length) {
        text.setLength(0);
        boolean timed = false;
        try (JsonParser in = JSON.createParser(bytes, from, length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (LineFields.DECIDING.contains(name)) {
                    add(in, name);
                } else if (name.equals(LineFields.SOURCE)) {
                    source(in);
                } else if (name.equals(LineFields.TIME)) {
                    timed = in.currentToken() == JsonToken.VALUE_STRING && time(in);
                } else {
                    in.skipChildren();
                }
            }
            return timed && in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null
                    ? Optional.of(text.toString())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The value that has begun, with all in it. */
    private void add(JsonParser in, String name) throws IOException {
        text.append(name).append(END);
        int depth = 0;
        JsonToken token = in.currentToken();
        while (token != null) {
            // With its length: no text can be taken for two.
            text.append((char) token.id());
            if (token == JsonToken.FIELD_NAME) {
                text.append((char) in.currentName().length()).append(in.currentName());
            } else if (token.isScalarValue()) {
                text.append(in.getTextLength()).append(END);
                text.append(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return;
            }
            token = in.nextToken();
        }
    }

    /** Without the evidence: how the source was found out does not matter. */
    private void source(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            add(in, LineFields.SOURCE);
            return;
        }
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            if (name.equals(LineFields.EVIDENCE)) {
                in.skipChildren();
            } else {
                add(in, name);
            }
        }
    }

    private boolean time(JsonParser in) throws IOException {
        if (turns.length == 0) {
            return true;
        }
        try {
            text.append(LineFields.turn(turns, in.getText())).append(END);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
