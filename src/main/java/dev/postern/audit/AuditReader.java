package dev.postern.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.decision.Explanation.Step;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads back what {@link AuditJson} writes. A log may have passed through other hands: nothing is taken for what it is not, and
 * fields that are not known are passed over.
 */
public final class AuditReader {

    /** An endpoint's name, which settings may choose freely. */
    private static final int MAX_NAME = 256;

    private static final int MAX_DEPTH = 16;

    private static final Set<String> OUTCOMES = Set.of("granted", "empty", "refused");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private AuditReader() {}

    /** What a line is. */
    public sealed interface Line {}

    /** An audit event. */
    public record Event(AuditRecord event) implements Line {}

    /** Not an audit event, and {@code why} not; without anything of the line's own text. */
    public record Malformed(String why) implements Line {}

    /** The line is no audit event; says why. */
    private static final class NotAnEvent extends Exception {
        private static final long serialVersionUID = 1L;

        NotAnEvent(String why) {
            super(why, null, false, false);
        }
    }

    /** Reads one line. */
    public static Line read(String line) {
        try (JsonParser in = JSON.createParser(line)) {
            require(in.nextToken() == JsonToken.START_OBJECT, "not a JSON object");
            Map<String, String> texts = new HashMap<>();
            Map<String, String> source = new HashMap<>();
            List<Step> steps = new ArrayList<>();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken value = in.nextToken();
                if (name.equals("source") && value == JsonToken.START_OBJECT) {
                    texts(in, source);
                } else if (name.equals("explanation") && value == JsonToken.START_ARRAY) {
                    steps(in, steps);
                } else if (value == JsonToken.VALUE_STRING) {
                    texts.put(name, in.getText());
                } else {
                    in.skipChildren();
                }
            }
            require(in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null, "something behind the object");
            return new Event(event(texts, source(source), steps));
        } catch (NotAnEvent e) {
            return new Malformed(String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            // Where a bound is exceeded, there is no location.
            return new Malformed(
                    e.getLocation() == null
                            ? "not JSON within the bounds"
                            : "not JSON, at column " + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    /** The texts of the object that has begun; the rest of it is passed over. */
    private static void texts(JsonParser in, Map<String, String> texts) throws IOException {
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            if (in.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(name, in.getText());
            } else {
                in.skipChildren();
            }
        }
    }

    private static void steps(JsonParser in, List<Step> steps) throws IOException, NotAnEvent {
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            require(token == JsonToken.START_OBJECT, "a step of the 'explanation' is not an object");
            Map<String, String> step = new HashMap<>();
            texts(in, step);
            String outcome = text(step, "outcome");
            steps.add(new Step(
                    text(step, "ruleset"),
                    text(step, "finding"),
                    Arrays.stream(Outcome.values())
                            .filter(known -> known.name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-')
                                    .equals(outcome))
                            .findFirst()
                            .orElseThrow(() -> new NotAnEvent("an 'outcome' of a step that is not known")),
                    Optional.empty()));
        }
    }

    private static AuditRecord event(Map<String, String> texts, Source source, List<Step> steps) throws NotAnEvent {
        String outcome = text(texts, "outcome");
        require(OUTCOMES.contains(outcome), "an 'outcome' that is not known");
        Optional<String> subject = Optional.ofNullable(texts.get("subject"));
        Optional<Subject> known = subject.flatMap(Subject::parse);
        require(
                subject.isEmpty() || known.isPresent(),
                "'subject' is not service-id:ACCOUNT/NAME, user:ACCOUNT/NAME, oidc:ACCOUNT/ISSUER/SUBJECT or anonymous");
        return new AuditRecord(
                time(text(texts, "time")),
                text(texts, "door"),
                outcome.equals("refused"),
                texts.containsKey("would_refuse"),
                source,
                known,
                steps,
                texts.containsKey("addresses") || texts.containsKey("subjects"));
    }

    private static Source source(Map<String, String> texts) throws NotAnEvent {
        return switch (text(texts, "side")) {
            case "public" -> new PublicSource(address(texts, "address"), List.of());
            case "private" -> privateSource(texts);
            case "unknown" -> {
                String why = text(texts, "why");
                yield new UnknownSource(
                        Arrays.stream(Source.Why.values())
                                .filter(known -> known.wireName().equals(why))
                                .findFirst()
                                .orElseThrow(() -> new NotAnEvent("a 'why' of the source that is not known")),
                        List.of());
            }
            default -> throw new NotAnEvent("'side' of the source is not public, private or unknown");
        };
    }

    private static Source privateSource(Map<String, String> texts) throws NotAnEvent {
        String endpoint = text(texts, "endpoint");
        require(!endpoint.isEmpty() && endpoint.length() <= MAX_NAME, "'endpoint' is not a name");
        if (!texts.containsKey("link")) {
            return new PrivateSource(endpoint, address(texts, "address"), List.of());
        }
        LinkId link = LinkId.parse(text(texts, "link")).orElseThrow(() -> new NotAnEvent("'link' is not a link id"));
        Optional<Address> originator =
                texts.containsKey("originator") ? Optional.of(address(texts, "originator")) : Optional.empty();
        return new PrivateSource(endpoint, new Linked(link, originator), List.of());
    }

    private static Address address(Map<String, String> texts, String name) throws NotAnEvent {
        return Address.parse(text(texts, name)).orElseThrow(() -> new NotAnEvent("'" + name + "' is not an address"));
    }

    private static Instant time(String text) throws NotAnEvent {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new NotAnEvent("'time' is not an instant");
        }
    }

    private static String text(Map<String, String> texts, String name) throws NotAnEvent {
        String text = texts.get(name);
        if (text == null) {
            throw new NotAnEvent("no '" + name + "'");
        }
        return text;
    }

    private static void require(boolean met, String why) throws NotAnEvent {
        if (!met) {
            throw new NotAnEvent(why);
        }
    }
}
