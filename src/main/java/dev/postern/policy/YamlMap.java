package dev.postern.policy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a policy document, read key by key; what nobody asked for is an unknown key.
 *
 * <p>Scalars are taken by their text, whatever type YAML sees in them, so that a user may be called {@code no} and a
 * region {@code 1e3}. A value that is absent in the text ({@code allow:} and nothing after it) is a mistake: whether
 * it should mean "none" or "an empty one" is just what must not be guessed.
 */
public final class YamlMap {

    private final String file;
    private final Problems problems;
    private final Position position;
    private final Map<String, Entry> entries;
    /** The keys that were asked for, each as often as it was: there are a million small maps, and few unknown keys. */
    private final List<String> known = new ArrayList<>(16);

    private record Entry(Position keyPosition, Node value) {}

    /** An element of a list or map, with its place. */
    public record Item(Position position, Node node) {}

    private YamlMap(String file, Problems problems, Position position, int size) {
        this.entries = LinkedHashMap.newLinkedHashMap(size);
        this.file = file;
        this.problems = problems;
        this.position = position;
    }

    static Optional<YamlMap> of(Node node, String file, Problems problems, String what) {
        Position position = Problems.at(file, node);
        if (!(node instanceof MappingNode mapping)) {
            problems.error(position, what + " must be a map of keys to values, found " + kind(node));
            return Optional.empty();
        }
        YamlMap map = new YamlMap(file, problems, position, mapping.getValue().size());
        for (NodeTuple tuple : mapping.getValue()) {
            Position keyPosition = Problems.at(file, tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.error(keyPosition, "a key must be plain text, found " + kind(tuple.getKeyNode()));
                continue;
            }
            Entry earlier = map.entries.putIfAbsent(key.getValue(), new Entry(keyPosition, tuple.getValueNode()));
            if (earlier != null) {
                problems.error(
                        keyPosition,
                        "the key '" + shown(key.getValue()) + "' stands twice; the first is at line "
                                + earlier.keyPosition().line());
            }
        }
        return Optional.of(map);
    }

    /** Where the map begins. */
    public Position position() {
        return position;
    }

    /** The places of all keys, which are names here, not settings. */
    public Map<String, Item> items() {
        Map<String, Item> items = new LinkedHashMap<>();
        entries.forEach((key, entry) -> items.put(key, new Item(entry.keyPosition(), entry.value())));
        return items;
    }

    /** Whether the key stands here; it is known then. */
    public boolean has(String key) {
        known.add(key);
        return entries.containsKey(key);
    }

    /** Where the key stands; where it does not, the map. */
    public Position positionOf(String key) {
        Entry entry = entries.get(key);
        return entry == null ? position : entry.keyPosition();
    }

    private Optional<Node> value(String key, String expected) {
        known.add(key);
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (isNothing(entry.value())) {
            problems.error(entry.keyPosition(), "'" + key + "' has no value; expected " + expected);
            return Optional.empty();
        }
        return Optional.of(entry.value());
    }

    /** The map under the key. */
    public Optional<YamlMap> map(String key) {
        return value(key, "a map").flatMap(node -> of(node, file, problems, "'" + key + "'"));
    }

    /**
     * The list under the key.
     *
     * @param expected what problems say it is a list of
     */
    public Optional<List<Item>> list(String key, String expected) {
        return value(key, "a list of " + expected + " (an empty one is written [])")
                .flatMap(node -> {
                    if (!(node instanceof SequenceNode sequence)) {
                        problems.error(
                                Problems.at(file, node),
                                "'" + key + "' must be a list of " + expected + ", found " + kind(node));
                        return Optional.empty();
                    }
                    List<Item> items = new ArrayList<>(sequence.getValue().size());
                    sequence.getValue().forEach(item -> items.add(new Item(Problems.at(file, item), item)));
                    return Optional.of(items);
                });
    }

    /**
     * The texts of the list under the key; none where it does not stand.
     *
     * @param expected what problems say it is a list of
     */
    public List<ScalarItem> texts(String key, String expected) {
        List<ScalarItem> texts = new ArrayList<>();
        list(key, expected)
                .ifPresent(items -> items.forEach(item ->
                        scalar(item, expected).ifPresent(text -> texts.add(new ScalarItem(item.position(), text)))));
        return texts;
    }

    /**
     * The text under the key, or the texts of the list under it; none where it does not stand.
     *
     * @param expected what problems say each of them is
     */
    public List<ScalarItem> textOrTexts(String key, String expected) {
        Entry entry = entries.get(key);
        return entry != null && entry.value() instanceof ScalarNode
                ? text(key, expected).stream()
                        .map(text -> new ScalarItem(entry.keyPosition(), text))
                        .toList()
                : texts(key, expected);
    }

    /** Whether a list without elements stands under the key. */
    boolean isEmptyList(String key) {
        Entry entry = entries.get(key);
        return entry != null
                && entry.value() instanceof SequenceNode list
                && list.getValue().isEmpty();
    }

    /** A text with its place. */
    public record ScalarItem(Position position, String text) {}

    Optional<String> scalar(Item item, String expected) {
        if (item.node() instanceof ScalarNode scalar && !isNothing(scalar)) {
            return Optional.of(scalar.getValue());
        }
        problems.error(item.position(), "expected " + expected + ", found " + kind(item.node()));
        return Optional.empty();
    }

    /**
     * The text under the key.
     *
     * @param expected what problems say it is
     */
    public Optional<String> text(String key, String expected) {
        return value(key, expected).flatMap(node -> scalar(new Item(Problems.at(file, node), node), expected));
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E unset) {
        if (!has(key)) {
            return unset;
        }
        StringBuilder words = new StringBuilder();
        for (E constant : type.getEnumConstants()) {
            words.append(words.isEmpty() ? "" : ", ").append(word(constant));
        }
        Optional<String> text = text(key, "one of " + words);
        if (text.isEmpty()) {
            return unset;
        }
        for (E constant : type.getEnumConstants()) {
            if (word(constant).equals(text.get())) {
                return constant;
            }
        }
        problems.error(positionOf(key), "'" + key + "' is '" + shown(text.get()) + "'; expected one of " + words);
        return unset;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The instant under the key. */
    public Optional<Instant> instant(String key) {
        String form = "an instant such as 2026-12-31T00:00:00Z";
        return text(key, form).flatMap(text -> {
            try {
                return Optional.of(Instant.parse(text));
            } catch (DateTimeParseException e) {
                problems.error(positionOf(key), "'" + key + "' is '" + shown(text) + "'; expected " + form);
                return Optional.empty();
            }
        });
    }

    /** Reports every key that was not asked for. */
    public void rejectUnknownKeys(String where) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                Set<String> names = new LinkedHashSet<>(known);
                String hint = Similar.to(key, names)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(".");
                problems.error(
                        entry.keyPosition(),
                        "unknown key '" + shown(key) + "' in " + where + hint + " Known are: "
                                + String.join(", ", names));
            }
        });
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** The map of an element of a list, which problems call so. */
    public Optional<YamlMap> map(Item item, String what) {
        return of(item.node(), file, problems, what);
    }

    static String kind(Node node) {
        if (isNothing(node)) {
            return "nothing";
        }
        return switch (node) {
            case MappingNode m -> "a map";
            case SequenceNode s -> "a list";
            default -> "a single value";
        };
    }

    /** Bounds what a hostile document can put into a log line. */
    public static String shown(String text) {
        String cut = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return cut.replaceAll("\\p{Cc}", "?");
    }
}
