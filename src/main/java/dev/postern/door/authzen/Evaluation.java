package dev.postern.door.authzen;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.postern.address.Address;
import dev.postern.decision.Scope;
import dev.postern.policy.Subject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A question: {@code {"subject":{"type","id"},"resource":{"type","id"},"action":{"name"},"context":{"ip"}}}.
 *
 * @param subject who
 * @param scope what it wants to do with what
 * @param address where it comes from
 */
record Evaluation(Subject subject, Scope scope, Address address) {

    /** What became of reading one. */
    sealed interface Outcome {}

    /** It can be read. */
    record Read(Evaluation evaluation) implements Outcome {}

    /** It cannot: which member, and the form expected. */
    record Malformed(String why) implements Outcome {}

    private static final int MAX_TEXT = 1024;
    private static final int MAX_DEPTH = 16;
    private static final Set<String> MEMBERS = Set.of("subject", "resource", "action", "context");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(64 * 1024)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_TEXT)
                    .build())
            .build();

    static Outcome read(String body) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser in = JSON.createParser(body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return new Malformed("expected an object");
            }
            for (String member = in.nextFieldName(); member != null; member = in.nextFieldName()) {
                if (in.nextToken() == JsonToken.START_OBJECT && MEMBERS.contains(member)) {
                    texts(in, member, texts);
                } else {
                    in.skipChildren();
                }
            }
            if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
                return new Malformed("expected one object, and nothing behind it");
            }
        } catch (IOException notJson) {
            return new Malformed("the body is not JSON, or names a member twice, or is too deep");
        }
        return of(texts);
    }

    /** The texts of an object; what else it has is for others. */
    private static void texts(JsonParser in, String member, Map<String, String> texts) throws IOException {
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            if (in.nextToken() == JsonToken.VALUE_STRING && in.getText().length() <= MAX_TEXT) {
                texts.put(member + "." + name, in.getText());
            } else {
                in.skipChildren();
            }
        }
    }

    private static Outcome of(Map<String, String> texts) {
        Optional<Subject> subject = subject(text(texts, "subject.type"), text(texts, "subject.id"));
        if (subject.isEmpty()) {
            return new Malformed(
                    "'subject' is none; expected the type service-id, user or federated and the id ACCOUNT/NAME,"
                            + " or the type anonymous");
        }
        Scope.Syntax scope = Scope.parse(
                text(texts, "resource.type") + ":" + text(texts, "resource.id") + ":" + text(texts, "action.name"));
        if (!(scope instanceof Scope.Parsed parsed) || parsed.scope().actions().size() != 1) {
            return new Malformed(
                    "'resource' and 'action' are none; expected the type repository, its name as id, and the"
                            + " name pull, push or delete; or the type registry, the id catalog, and the name *");
        }
        Optional<Address> address = Address.parse(text(texts, "context.ip"));
        if (address.isEmpty()) {
            return new Malformed("'context.ip' is no address; expected that of the subject, IPv4 or IPv6");
        }
        return new Read(new Evaluation(subject.get(), parsed.scope(), address.get()));
    }

    private static Optional<Subject> subject(String type, String id) {
        return (type.equals("anonymous") ? Optional.of(Subject.ANONYMOUS) : Subject.parse(type + ":" + id))
                .filter(subject -> subject.kind().isCallerOfPolicy());
    }

    private static String text(Map<String, String> texts, String name) {
        return texts.getOrDefault(name, "");
    }
}
