package dev.postern.policy.importing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the entries of one map. A wrong kind of value is an error: what it meant is not for us to guess. */
final class FieldReader {

    private final Value.Fields fields;
    private final Findings findings;
    private final Set<String> known = new LinkedHashSet<>();

    FieldReader(Value.Fields fields, Findings findings) {
        this.fields = fields;
        this.findings = findings;
    }

    Value.Fields fields() {
        return fields;
    }

    /** The value, where there is one; null is none. */
    Optional<Value> value(String key) {
        known.add(key);
        return Optional.ofNullable(fields.entries().get(key)).filter(value -> !(value instanceof Value.Nothing));
    }

    /** Whether the key stands, be it with nothing after it. */
    boolean has(String key) {
        known.add(key);
        return fields.entries().containsKey(key);
    }

    Optional<Value.Text> text(String key) {
        return value(key).flatMap(value -> expect(value, Value.Text.class, key, "a text"));
    }

    Optional<Value.Truth> truth(String key) {
        return value(key).flatMap(value -> expect(value, Value.Truth.class, key, "true or false"));
    }

    /** The elements, none where the key is missing. */
    List<Value> items(String key) {
        return value(key)
                .flatMap(value -> expect(value, Value.Items.class, key, "a list"))
                .map(Value.Items::values)
                .orElse(List.of());
    }

    Optional<FieldReader> map(String key) {
        return value(key)
                .flatMap(value -> expect(value, Value.Fields.class, key, "a map"))
                .map(found -> new FieldReader(found, findings));
    }

    private <V extends Value> Optional<V> expect(Value value, Class<V> kind, String key, String expected) {
        if (kind.isInstance(value)) {
            return Optional.of(kind.cast(value));
        }
        findings.error(value.at(), "'" + key + "' is " + value.kind() + "; expected " + expected);
        return Optional.empty();
    }

    /** The keys that nobody has asked for and that have a value that says something. */
    List<String> unknown() {
        return fields.entries().entrySet().stream()
                .filter(entry -> !known.contains(entry.getKey()) && saysSomething(entry.getValue()))
                .map(entry -> entry.getKey())
                .toList();
    }

    private static boolean saysSomething(Value value) {
        return switch (value) {
            case Value.Nothing nothing -> false;
            case Value.Items items -> !items.values().isEmpty();
            case Value.Fields map -> !map.entries().isEmpty();
            case Value.Text text -> true;
            case Value.Number number -> true;
            case Value.Truth truth -> true;
        };
    }
}
