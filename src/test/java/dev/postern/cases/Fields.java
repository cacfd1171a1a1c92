package dev.postern.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** One map of a case file, read key by key; what nobody asked for is a mistake. */
final class Fields {

    private final String where;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Fields(String where, Object value) {
        this.where = where;
        if (!(value instanceof Map<?, ?> map)) {
            throw mistake("expected a map of keys to values");
        }
        map.forEach((key, item) -> left.put((String) key, item));
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> mistake("has no '" + key + "'"));
    }

    Optional<String> optionalText(String key) {
        return taken(key).map(value -> {
            if (!(value instanceof String text)) {
                throw mistake("'" + key + "' must be plain text");
            }
            return text;
        });
    }

    /** Empty where the key does not stand. */
    List<String> texts(String key) {
        return list(key).stream()
                .map(item -> {
                    if (!(item instanceof String text)) {
                        throw mistake("'" + key + "' must be a list of plain texts");
                    }
                    return text;
                })
                .toList();
    }

    /** Empty where the key does not stand. */
    List<?> list(String key) {
        Object value = taken(key).orElse(List.of());
        if (!(value instanceof List<?> list)) {
            throw mistake("'" + key + "' must be a list");
        }
        return list;
    }

    /** Empty where the key does not stand. */
    Fields map(String key) {
        return new Fields(where + ", " + key, taken(key).orElse(Map.of()));
    }

    /** The map as it stands: texts, lists and maps; empty where the key does not stand. */
    Map<String, Object> tree(String key) {
        Fields fields = map(key);
        Map<String, Object> tree = new LinkedHashMap<>(fields.left);
        fields.left.clear();
        return tree;
    }

    /** Each entry, in order; takes them all. */
    Map<String, Fields> maps() {
        Map<String, Fields> maps = new LinkedHashMap<>();
        keys().forEach(key -> maps.put(key, map(key)));
        return maps;
    }

    /** The keys that nobody has asked for yet, in order. */
    List<String> keys() {
        return List.copyOf(left.keySet());
    }

    /** What is left is unknown. */
    void end() {
        if (!left.isEmpty()) {
            throw mistake("unknown keys " + new TreeSet<>(left.keySet()));
        }
    }

    boolean has(String key) {
        return left.containsKey(key);
    }

    IllegalArgumentException mistake(String what) {
        return new IllegalArgumentException(where + ": " + what);
    }

    private Optional<Object> taken(String key) {
        return Optional.ofNullable(left.remove(key));
    }
}
