package dev.postern.audit.form;

import static dev.postern.audit.JsonLine.object;
import static dev.postern.audit.JsonLine.optional;
import static dev.postern.audit.JsonLine.texts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.audit.JsonLine;
import dev.postern.decision.Explanation;
import dev.postern.decision.Scope;
import dev.postern.policy.Position;
import dev.postern.policy.Subject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The Open Cybersecurity Schema Framework, version 1.3: class <em>API Activity</em> (6003) with the profile
 * <em>security_control</em>. What it has no field for stands under {@code unmapped}.
 */
public final class OcsfForm implements AuditForm {

    private static final String VERSION = "1.3.0";
    private static final int CATEGORY = 6;
    private static final int CLASS = 6003;
    private static final int CREATE = 1;
    private static final int OTHER = 99;
    private static final int INFORMATIONAL = 1;
    private static final int LOW = 2;
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final int ALLOWED = 1;
    private static final int DENIED = 2;
    private static final int DISPOSITION_ALLOWED = 1;
    private static final int DISPOSITION_BLOCKED = 2;

    @Override
    public byte[] line(AuditEvent event) {
        Facts facts = new Facts(event);
        boolean isToken = facts.action().equals("token");
        int activity = isToken ? CREATE : OTHER;
        return JsonLine.of(out -> {
            out.writeNumberField("category_uid", CATEGORY);
            out.writeNumberField("class_uid", CLASS);
            out.writeNumberField("activity_id", activity);
            out.writeStringField("activity_name", isToken ? "Create" : "Authorize");
            out.writeNumberField("type_uid", CLASS * 100 + activity);
            out.writeNumberField("time", event.time().toEpochMilli());
            out.writeNumberField("severity_id", facts.isAllowed() ? INFORMATIONAL : LOW);
            out.writeNumberField("status_id", facts.isAllowed() ? SUCCESS : FAILURE);
            out.writeStringField("status_code", facts.reason());
            optional(out, "status_detail", facts.message());
            out.writeNumberField("action_id", facts.isAllowed() ? ALLOWED : DENIED);
            out.writeNumberField("disposition_id", facts.isAllowed() ? DISPOSITION_ALLOWED : DISPOSITION_BLOCKED);
            out.writeStringField("message", facts.sentence());
            object(out, "metadata", metadata -> metadata(metadata, event));
            object(out, "api", api -> api.writeStringField("operation", facts.action()));
            object(out, "actor", actor -> actor(actor, facts));
            object(out, "src_endpoint", source -> {
                optional(source, "ip", facts.address().map(Object::toString));
                optional(source, "interface_name", facts.endpoint());
            });
            resources(out, facts.asked());
            if (facts.rule().isPresent()) {
                object(out, "policy", policy -> policy(policy, facts.rule().get(), event));
            }
            object(out, "unmapped", unmapped -> unmapped(unmapped, facts));
        });
    }

    private static void metadata(JsonGenerator out, AuditEvent event) throws IOException {
        out.writeStringField("version", VERSION);
        out.writeStringField("uid", event.id());
        texts(out, "profiles", List.of("security_control"));
        object(out, "product", product -> {
            product.writeStringField("name", "Postern");
            product.writeStringField("vendor_name", "Postern");
        });
    }

    private static void actor(JsonGenerator out, Facts facts) throws IOException {
        Optional<Subject> subject = facts.subject().filter(who -> who.kind() != Subject.Kind.ANONYMOUS);
        object(out, "user", user -> {
            user.writeStringField("name", subject.map(Subject::name).orElse("anonymous"));
            optional(user, "uid", subject.map(Subject::toString));
            if (subject.isPresent()) {
                object(
                        user,
                        "account",
                        account ->
                                account.writeStringField("name", subject.get().account()));
            }
        });
    }

    private static void resources(JsonGenerator out, List<Scope> asked) throws IOException {
        out.writeArrayFieldStart("resources");
        for (Scope scope : asked) {
            out.writeStartObject();
            out.writeStringField("type", scope.type());
            out.writeStringField("name", scope.name());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void policy(JsonGenerator out, Explanation.Step rule, AuditEvent event) throws IOException {
        out.writeStringField("name", rule.ruleset());
        out.writeStringField("desc", rule.finding());
        optional(out, "uid", rule.position().map(Position::toString));
        optional(out, "version", event.policyVersion());
    }

    private static void unmapped(JsonGenerator out, Facts facts) throws IOException {
        out.writeStringField("door", facts.event().door());
        out.writeStringField("outcome", facts.outcome());
        out.writeStringField("side", facts.side());
        optional(out, "credential", facts.credential());
        optional(out, "would_refuse", facts.wouldRefuse());
        texts(out, "asked", facts.asked().stream().map(Object::toString).toList());
        texts(out, "granted", facts.granted());
        optional(out, "token", facts.event().tokenId());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OcsfForm;
    }

    @Override
    public int hashCode() {
        return OcsfForm.class.hashCode();
    }
}
