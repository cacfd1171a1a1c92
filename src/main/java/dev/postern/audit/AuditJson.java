package dev.postern.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Purpose;
import dev.postern.decision.Scope;
import dev.postern.decision.Warrant;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** Audit events as JSON, one object a line. */
public final class AuditJson {

    private AuditJson() {}

    /** The event on one line, without its end. */
    public static String write(AuditEvent event) {
        byte[] line = line(event);
        return new String(line, 0, line.length - 1, StandardCharsets.US_ASCII);
    }

    /** The event as a line with its end. */
    static byte[] line(AuditEvent event) {
        return JsonLine.of(out -> {
            out.writeStringField("time", Timestamps.text(event.time()));
            out.writeStringField("decision", event.id());
            out.writeStringField("door", event.door());
            out.writeStringField("outcome", AuditTrail.outcome(event.decision()));
            out.writeStringField("reason", event.decision().reason().wireName());
            if (event.decision() instanceof Decision.Refused refused) {
                out.writeStringField("message", refused.message());
            }
            out.writeFieldName("source");
            SourceJson.write(out, event.request().source());
            identity(out, event.request().authentication());
            scopes(out, event);
            if (event.request().purpose() instanceof Purpose.Passage passage) {
                passage(out, passage);
            }
            explanation(out, event.decision().explanation());
            if (event.decision() instanceof Decision.Granted granted) {
                JsonLine.optional(
                        out,
                        "would_refuse",
                        granted.wouldBe().map(refusal -> refusal.reason().wireName()));
            }
            JsonLine.optional(out, "policy", event.policyVersion());
            out.writeObjectFieldStart("client");
            JsonLine.optional(out, "service", event.client().service());
            JsonLine.optional(out, "account", event.client().account());
            JsonLine.optional(out, "client_id", event.client().clientId());
            out.writeEndObject();
            JsonLine.optional(out, "token", event.tokenId());
            JsonLine.optional(out, "refresh_token_id", event.refreshTokenId());
            reduced(out, event.reduced());
        });
    }

    private static void identity(JsonGenerator out, Authentication authentication) throws IOException {
        switch (authentication) {
            case Authentication.Authenticated known -> {
                switch (known.identity()) {
                    case Identity.Known identity -> {
                        out.writeStringField("subject", identity.subject().toString());
                        out.writeStringField("credential", identity.credential());
                    }
                    case Identity.Federated identity -> {
                        out.writeStringField("subject", identity.subject().toString());
                        out.writeStringField("credential", identity.credential());
                        if (!identity.entries().isEmpty()) {
                            out.writeStringField(
                                    "federated",
                                    identity.entries().stream()
                                            .map(Account.Federated::name)
                                            .collect(Collectors.joining(",")));
                        }
                    }
                    case Identity.Foreign identity -> {
                        // No subject of ours: what reads the log must not take it for one.
                        out.writeStringField("credential", identity.credential());
                        out.writeStringField("issuer", identity.issuer());
                        out.writeStringField("presented", identity.name());
                    }
                    case Identity.Anonymous anonymous -> out.writeStringField("subject", "anonymous");
                }
            }
            case Authentication.Rejected rejected -> out.writeStringField("credential", "rejected");
            case Authentication.Throttled throttled -> out.writeStringField("credential", "throttled");
            case Authentication.RejectedToken rejected -> {
                out.writeStringField("credential", "rejected");
                JsonLine.optional(out, "issuer", rejected.issuer());
                JsonLine.optional(out, "presented", rejected.subject());
            }
            case Authentication.Missing missing -> out.writeStringField("credential", "none");
            case Authentication.NotAttempted notAttempted -> out.writeStringField("credential", "not-judged");
            case Authentication.Unavailable unavailable -> out.writeStringField("credential", "unavailable");
        }
    }

    /** By what a request passes that goes on to the registry: without it, nobody could decide it again. */
    private static void passage(JsonGenerator out, Purpose.Passage passage) throws IOException {
        out.writeObjectFieldStart("passage");
        switch (passage.warrant()) {
            case Warrant.Source source -> out.writeStringField("by", "source");
            case Warrant.Bindings bindings -> out.writeStringField("by", "bindings");
            case Warrant.Token token -> {
                out.writeStringField("by", "token");
                out.writeArrayFieldStart("access");
                for (Scope scope : token.access()) {
                    out.writeString(scope.toString());
                }
                out.writeEndArray();
                JsonLine.optional(out, "bound_to", token.boundTo());
            }
        }
        JsonLine.optional(out, "account", passage.account());
        out.writeEndObject();
    }

    private static void reduced(JsonGenerator out, AuditEvent.Reduced reduced) throws IOException {
        if (reduced.addresses() != AuditEvent.Form.FULL) {
            out.writeStringField("addresses", reduced.addresses().wireName());
        }
        if (reduced.subjects() != AuditEvent.Form.FULL) {
            out.writeStringField("subjects", reduced.subjects().wireName());
        }
    }

    private static void scopes(JsonGenerator out, AuditEvent event) throws IOException {
        out.writeArrayFieldStart("scopes");
        if (event.decision() instanceof Decision.Granted granted) {
            for (Decision.Grant grant : granted.grants()) {
                out.writeStartObject();
                out.writeStringField("asked", grant.scope().toString());
                out.writeStringField("granted", String.join(",", grant.actions()));
                out.writeStringField("reason", grant.reason().wireName());
                out.writeEndObject();
            }
        } else {
            for (var scope : event.request().scopes()) {
                out.writeStartObject();
                out.writeStringField("asked", scope.toString());
                out.writeStringField("granted", "");
                out.writeEndObject();
            }
        }
        out.writeEndArray();
    }

    private static void explanation(JsonGenerator out, Explanation explanation) throws IOException {
        Optional<Explanation.Step> deciding = explanation.deciding();
        if (deciding.isPresent()) {
            out.writeFieldName("rule");
            step(out, deciding.get());
        }
        out.writeArrayFieldStart("explanation");
        for (Explanation.Step step : explanation.steps()) {
            step(out, step);
        }
        out.writeEndArray();
    }

    private static void step(JsonGenerator out, Explanation.Step step) throws IOException {
        out.writeStartObject();
        out.writeStringField("ruleset", step.ruleset());
        out.writeStringField("finding", step.finding());
        out.writeStringField("outcome", step.outcome().wireName());
        JsonLine.optional(out, "at", step.position().map(Object::toString));
        out.writeEndObject();
    }
}
