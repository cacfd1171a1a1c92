package dev.postern.audit.form;

import static dev.postern.audit.JsonLine.object;
import static dev.postern.audit.JsonLine.optional;
import static dev.postern.audit.JsonLine.texts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.address.Address;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.audit.JsonLine;
import dev.postern.decision.Explanation;
import dev.postern.decision.Reason;
import dev.postern.policy.Position;
import dev.postern.policy.Subject;
import java.io.IOException;
import java.util.Optional;

/**
 * The shape of an auditing event of IBM Cloud (Activity Tracker Event Routing, <em>Event fields</em>), which is that of CADF (DMTF
 * DSP0262): who did what to what, from where, with what outcome; and the decision on its context in {@code responseData}.
 */
public final class IbmForm implements AuditForm {

    private final String service;
    private final String region;

    /**
     * Events of this registry.
     *
     * @param service the registry's service name, the target of what is asked for
     * @param region Postern's region
     */
    public IbmForm(String service, String region) {
        this.service = service;
        this.region = region;
    }

    @Override
    public byte[] line(AuditEvent event) {
        Facts facts = new Facts(event);
        String action = facts.action().equals("token") ? "postern.token.create" : "postern.request.authorize";
        return JsonLine.of(out -> {
            out.writeStringField("eventTime", event.time().toString());
            out.writeStringField("action", action);
            out.writeStringField("outcome", facts.isAllowed() ? "success" : "failure");
            out.writeStringField(
                    "message",
                    "Postern: " + (facts.action().equals("token") ? "create token" : "authorize request") + " "
                            + service + (facts.isAllowed() ? "" : " -failure"));
            out.writeStringField("severity", facts.isAllowed() ? "normal" : "warning");
            out.writeStringField("id", event.id());
            out.writeStringField("correlationId", event.id());
            out.writeBooleanField("dataEvent", true);
            out.writeBooleanField("saveServiceCopy", false);
            object(out, "observer", observer -> observer.writeStringField("name", "Postern"));
            object(out, "initiator", initiator -> initiator(initiator, facts));
            object(out, "target", target -> target(target, facts));
            object(out, "reason", reason -> reason(reason, facts));
            object(out, "requestData", request -> request(request, facts));
            object(out, "responseData", response -> response(response, facts));
        });
    }

    private static void initiator(JsonGenerator out, Facts facts) throws IOException {
        out.writeStringField("id", facts.subjectText().orElse("unknown"));
        out.writeStringField("name", facts.subject().map(Subject::name).orElse(""));
        out.writeStringField(
                "typeURI",
                facts.subject()
                                .filter(who -> who.kind() == Subject.Kind.SERVICE_ID)
                                .isPresent()
                        ? "service/security/account/serviceid"
                        : "service/security/account/user");
        Optional<String> credential = facts.credential();
        if (credential.isPresent()) {
            object(out, "credential", of -> of.writeStringField("type", credentialType(credential.get())));
        }
        if (facts.address().isPresent()) {
            Address address = facts.address().get();
            object(out, "host", host -> {
                host.writeStringField("address", address.toString());
                host.writeStringField("addressType", address.family() == Address.Family.IPV4 ? "IPv4" : "IPv6");
            });
        }
    }

    private static String credentialType(String credential) {
        return credential.startsWith("api-key") || credential.startsWith("iam-api-key")
                ? "apikey"
                : credential.equals("password") ? "user" : "token";
    }

    private void target(JsonGenerator out, Facts facts) throws IOException {
        String name =
                facts.asked().isEmpty() ? service : facts.asked().getFirst().name();
        out.writeStringField("id", service + (facts.asked().isEmpty() ? "" : "/" + name));
        out.writeStringField("name", name);
        out.writeStringField(
                "typeURI",
                facts.asked().isEmpty()
                        ? "postern/registry"
                        : "postern/registry/" + facts.asked().getFirst().type());
    }

    private static void reason(JsonGenerator out, Facts facts) throws IOException {
        Reason reason = facts.event().decision().reason();
        int code = status(reason);
        out.writeNumberField("reasonCode", code);
        out.writeStringField(
                "reasonType",
                switch (code) {
                    case 200 -> "OK";
                    case 400 -> "Bad Request";
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden";
                    case 429 -> "Too Many Requests";
                    default -> "Service Unavailable";
                });
        optional(out, "reasonForFailure", facts.message());
    }

    private static int status(Reason reason) {
        return switch (reason) {
            case GRANTED -> 200;
            case MALFORMED_REQUEST -> 400;
            case NO_CREDENTIALS, BAD_CREDENTIALS -> 401;
            case ADDRESS_NOT_LISTED,
                    ADDRESS_DENIED,
                    PUBLIC_ACCESS_DISABLED,
                    PRIVATE_ACCESS_DISABLED,
                    SOURCE_UNKNOWN,
                    BOUND_ELSEWHERE,
                    NOT_PERMITTED -> 403;
            case TOO_MANY_FAILURES -> 429;
            case UNAVAILABLE -> 503;
        };
    }

    private void request(JsonGenerator out, Facts facts) throws IOException {
        out.writeStringField("serviceName", service);
        out.writeStringField("region", region);
        out.writeStringField("door", facts.event().door());
        texts(out, "scopes", facts.asked().stream().map(Object::toString).toList());
        object(out, "environment", environment -> {
            environment.writeArrayFieldStart("attributes");
            attribute(environment, "endpointType", facts.side());
            if (facts.address().isPresent()) {
                attribute(environment, "ipAddress", facts.address().get().toString());
            }
            if (facts.endpoint().isPresent()) {
                attribute(environment, "endpoint", facts.endpoint().get());
            }
            environment.writeEndArray();
        });
    }

    private static void attribute(JsonGenerator out, String name, String value) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", name);
        out.writeStringField("value", value);
        out.writeEndObject();
    }

    private static void response(JsonGenerator out, Facts facts) throws IOException {
        boolean isReported = facts.wouldRefuse().isPresent();
        out.writeStringField("decision", facts.isAllowed() && !isReported ? "Permit" : "Deny");
        out.writeBooleanField("isEnforced", !isReported);
        out.writeStringField("reason", facts.wouldRefuse().orElse(facts.reason()));
        texts(out, "granted", facts.granted());
        if (facts.rule().isPresent()) {
            Explanation.Step rule = facts.rule().get();
            object(out, "rule", of -> {
                of.writeStringField("ruleset", rule.ruleset());
                of.writeStringField("finding", rule.finding());
                optional(of, "at", rule.position().map(Position::toString));
            });
        }
        optional(out, "policy", facts.event().policyVersion());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IbmForm form && form.service.equals(service) && form.region.equals(region);
    }

    @Override
    public int hashCode() {
        return service.hashCode() + region.hashCode();
    }
}
