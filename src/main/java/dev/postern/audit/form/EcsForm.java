package dev.postern.audit.form;

import static dev.postern.audit.JsonLine.object;
import static dev.postern.audit.JsonLine.optional;
import static dev.postern.audit.JsonLine.texts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.audit.JsonLine;
import dev.postern.decision.Explanation;
import dev.postern.policy.Position;
import dev.postern.policy.Subject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The Elastic Common Schema, version 8.17: what it has no field for stands under {@code postern}. */
public final class EcsForm implements AuditForm {

    private static final String VERSION = "8.17.0";

    @Override
    public byte[] line(AuditEvent event) {
        Facts facts = new Facts(event);
        return JsonLine.of(out -> {
            out.writeStringField("@timestamp", event.time().toString());
            out.writeStringField("message", facts.sentence());
            object(out, "ecs", ecs -> ecs.writeStringField("version", VERSION));
            object(out, "service", service -> service.writeStringField("type", "postern"));
            object(out, "event", of -> event(of, facts));
            if (facts.address().isPresent()) {
                String address = facts.address().get().toString();
                object(out, "source", source -> {
                    source.writeStringField("address", address);
                    source.writeStringField("ip", address);
                });
                object(out, "related", related -> texts(related, "ip", List.of(address)));
            }
            Optional<Subject> subject = facts.subject().filter(who -> who.kind() != Subject.Kind.ANONYMOUS);
            if (subject.isPresent()) {
                object(out, "user", user -> {
                    user.writeStringField("id", subject.get().toString());
                    user.writeStringField("name", subject.get().name());
                    user.writeStringField("domain", subject.get().account());
                });
            }
            if (facts.rule().isPresent()) {
                object(out, "rule", rule -> rule(rule, facts.rule().get(), event));
            }
            object(out, "postern", postern -> postern(postern, facts));
        });
    }

    private static void event(JsonGenerator out, Facts facts) throws IOException {
        out.writeStringField("id", facts.event().id());
        out.writeStringField("kind", "event");
        texts(out, "category", List.of("network"));
        texts(out, "type", List.of("access", facts.isAllowed() ? "allowed" : "denied"));
        out.writeStringField("action", facts.action());
        out.writeStringField("outcome", facts.isAllowed() ? "success" : "failure");
        out.writeStringField("reason", facts.reason());
        out.writeStringField("provider", "postern");
        out.writeStringField("dataset", "postern.audit");
    }

    private static void rule(JsonGenerator out, Explanation.Step rule, AuditEvent event) throws IOException {
        out.writeStringField("ruleset", rule.ruleset());
        out.writeStringField("description", rule.finding());
        optional(out, "reference", rule.position().map(Position::toString));
        optional(out, "version", event.policyVersion());
    }

    private static void postern(JsonGenerator out, Facts facts) throws IOException {
        out.writeStringField("door", facts.event().door());
        out.writeStringField("side", facts.side());
        optional(out, "endpoint", facts.endpoint());
        optional(out, "credential", facts.credential());
        optional(out, "refusal", facts.message());
        optional(out, "would_refuse", facts.wouldRefuse());
        texts(out, "asked", facts.asked().stream().map(Object::toString).toList());
        texts(out, "granted", facts.granted());
        optional(out, "token", facts.event().tokenId());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EcsForm;
    }

    @Override
    public int hashCode() {
        return EcsForm.class.hashCode();
    }
}
