package dev.postern.policy.importing;

import dev.postern.policy.Position;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * YAML to values, event by event. As in policies, a scalar is its text whatever type YAML sees in it; aliases and tags are
 * refused.
 */
final class YamlReader {

    /** A plain scalar of these is nothing. */
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

    private final String name;
    private final Iterator<Event> events;
    private int values;

    private YamlReader(String name, Iterator<Event> events) {
        this.name = name;
        this.events = events;
    }

    /** What is wrong with an input as a whole. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Position position;
        private final String why;

        Unreadable(Position position, String why) {
            super(why, null, false, false);
            this.position = position;
            this.why = why;
        }
    }

    /** The value of an input's only document, none where it is no such YAML, which is reported. */
    static List<Value> read(String name, String text, Findings findings) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Limits.MAX_CHARACTERS);
        try {
            return List.of(new YamlReader(
                            name,
                            new Yaml(options).parse(new StringReader(text)).iterator())
                    .document());
        } catch (Unreadable e) {
            findings.error(e.position, e.why);
        } catch (MarkedYAMLException e) {
            Position position = e.getProblemMark() == null ? new Position(name, 1, 1) : at(name, e.getProblemMark());
            findings.error(position, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            findings.error(new Position(name, 1, 1), "not YAML: " + Findings.shown(String.valueOf(e.getMessage())));
        }
        return List.of();
    }

    private Value document() {
        Event event = next(Event.ID.StreamStart);
        event = events.next();
        if (!event.is(Event.ID.DocumentStart)) {
            throw new Unreadable(at(event), "nothing is in it; expected YAML");
        }
        Value root = value(events.next(), 1);
        next(Event.ID.DocumentEnd);
        event = events.next();
        if (!event.is(Event.ID.StreamEnd)) {
            throw new Unreadable(at(event), "a second document; expected one");
        }
        return root;
    }

    private Event next(Event.ID expected) {
        Event event = events.next();
        if (!event.is(expected)) {
            throw new IllegalStateException("expected " + expected + ", found " + event);
        }
        return event;
    }

    private Value value(Event event, int depth) {
        Position at = at(event);
        if (++values > Limits.MAX_VALUES) {
            throw new Unreadable(at, "more than " + Limits.MAX_VALUES + " values");
        }
        if (depth > Limits.MAX_DEPTH) {
            throw new Unreadable(at, "values in values deeper than " + Limits.MAX_DEPTH);
        }
        return switch (event) {
            case ScalarEvent scalar -> scalar(at, scalar);
            case SequenceStartEvent start -> {
                requireNoTag(start.getTag(), at);
                yield items(at, depth);
            }
            case MappingStartEvent start -> {
                requireNoTag(start.getTag(), at);
                yield fields(at, depth);
            }
            case NodeEvent alias ->
                throw new Unreadable(at, "aliases (*name) are not read; write out what they stand for");
            default -> throw new IllegalStateException("no value begins with " + event);
        };
    }

    private static Value scalar(Position at, ScalarEvent scalar) {
        requireNoTag(scalar.getTag(), at);
        if (scalar.getValue().length() > Limits.MAX_TEXT) {
            throw new Unreadable(at, "a text of more than " + Limits.MAX_TEXT + " characters");
        }
        return scalar.isPlain() && NOTHING.contains(scalar.getValue())
                ? new Value.Nothing(at)
                : new Value.Text(at, scalar.getValue());
    }

    private static void requireNoTag(String tag, Position at) {
        if (tag != null) {
            throw new Unreadable(at, "tags (!name) are not read");
        }
    }

    private Value items(Position at, int depth) {
        List<Value> items = new ArrayList<>();
        for (Event event = events.next(); !event.is(Event.ID.SequenceEnd); event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Value.Items(at, items);
    }

    private Value fields(Position at, int depth) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw new Unreadable(at(event), "a key must be plain text");
            }
            if (entries.containsKey(key.getValue())) {
                throw new Unreadable(at(event), "the key " + Findings.shown(key.getValue()) + " stands twice");
            }
            entries.put(key.getValue(), value(events.next(), depth + 1));
        }
        return new Value.Fields(at, entries);
    }

    private Position at(Event event) {
        return at(name, event.getStartMark());
    }

    private static Position at(String name, Mark mark) {
        return new Position(name, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
