package dev.postern.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.postern.decision.Explanation;
import dev.postern.decision.Explanation.Step;
import dev.postern.policy.Position;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All of an audit event that is read back, for a person. The texts are those of the line: whoever shows them makes sure that a
 * terminal is not spoken to.
 *
 * @param event what commands decide by
 * @param fields the line's own fields, each a text, a map or a list
 */
public record AuditDetails(AuditRecord event, Map<String, Object> fields) {

    private static final int MAX_DEPTH = 16;
    private static final Pattern POSITION = Pattern.compile("(.+):([0-9]{1,9}):([0-9]{1,9})");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /** Reads a line; empty where it is no audit event of Postern's own form. */
    public static Optional<AuditDetails> read(String line) {
        if (!(AuditReader.read(line) instanceof AuditReader.Event read)) {
            return Optional.empty();
        }
        try (JsonParser in = JSON.createParser(line)) {
            in.nextToken();
            return Optional.of(new AuditDetails(read.event(), object(in)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> object(JsonParser in) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            fields.put(name, value(in, in.nextToken()));
        }
        return fields;
    }

    private static Object value(JsonParser in, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    items.add(value(in, next));
                }
                yield items;
            }
            default -> in.getText();
        };
    }

    /** The text of a field, where it has one. */
    public Optional<String> text(String field) {
        return text(fields, field);
    }

    /** The lines that say what was decided and why, in the words of {@code policy explain}. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(text("outcome").orElse("") + ": " + text("reason").orElse(""));
        text("message").ifPresent(message -> lines.add("the caller reads: " + message));
        lines.add("source: " + source().text());
        for (Step step : steps()) {
            lines.add(step.text());
        }
        text("would_refuse").ifPresent(reason -> lines.add("were everything enforced: refused: " + reason));
        return lines;
    }

    /** What was asked for, and what was granted of it. */
    public List<String> scopes() {
        return objects(fields.get("scopes")).stream()
                .map(scope -> text(scope, "asked").orElse("") + " -> "
                        + text(scope, "granted")
                                .filter(granted -> !granted.isEmpty())
                                .orElse("nothing"))
                .toList();
    }

    private Source source() {
        List<Hop> evidence = fields.get("source") instanceof Map<?, ?> source
                ? objects(source.get("evidence")).stream()
                        .map(AuditDetails::hop)
                        .flatMap(Optional::stream)
                        .toList()
                : List.of();
        return switch (event.source()) {
            case Source.PublicSource known -> new Source.PublicSource(known.address(), evidence);
            case Source.PrivateSource known -> new Source.PrivateSource(known.endpoint(), known.arrival(), evidence);
            case Source.UnknownSource unknown -> new Source.UnknownSource(unknown.why(), evidence);
        };
    }

    private static Optional<Hop> hop(Map<String, Object> hop) {
        Optional<Hop.By> by = Arrays.stream(Hop.By.values())
                .filter(known -> text(hop, "by").equals(Optional.of(known.wireName())))
                .findFirst();
        Optional<Hop.Finding> finding = Arrays.stream(Hop.Finding.values())
                .filter(known -> text(hop, "finding").equals(Optional.of(known.wireName())))
                .findFirst();
        return by.isPresent() && finding.isPresent()
                ? Optional.of(new Hop(text(hop, "address").orElse(""), by.get(), finding.get()))
                : Optional.empty();
    }

    private List<Step> steps() {
        return objects(fields.get("explanation")).stream()
                .map(step -> new Step(
                        text(step, "ruleset").orElse(""),
                        text(step, "finding").orElse(""),
                        Arrays.stream(Explanation.Outcome.values())
                                .filter(known -> text(step, "outcome").equals(Optional.of(known.wireName())))
                                .findFirst()
                                .orElse(Explanation.Outcome.PASSED),
                        text(step, "at").flatMap(AuditDetails::position)))
                .toList();
    }

    private static Optional<Position> position(String text) {
        Matcher form = POSITION.matcher(text);
        return form.matches()
                ? Optional.of(
                        new Position(form.group(1), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3))))
                : Optional.empty();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream()
                        .filter(Map.class::isInstance)
                        .map(item -> (Map<String, Object>) item)
                        .toList()
                : List.of();
    }

    private static Optional<String> text(Map<String, Object> fields, String field) {
        return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
