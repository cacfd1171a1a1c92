package dev.postern.door.authzen;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.DecisionId;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Purpose;
import dev.postern.decision.Warrant;
import dev.postern.distribution.OciError;
import dev.postern.door.TrustedCallers;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.listener.Connections;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Connection;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import dev.postern.timing.Course;
import dev.postern.timing.Courses;
import dev.postern.timing.Door;
import dev.postern.timing.Step;
import dev.postern.timing.Traceparent;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** {@code POST /access/v1/evaluation} (OpenID AuthZEN Authorization API 1.0, section 6.1). */
@Path("/access/v1/evaluation")
public class EvaluationResource {

    private static final String DOOR = "authzen";
    private static final String CREDENTIAL = "asserted";
    private static final JsonFactory JSON = new JsonFactory();

    private final boolean enabled;
    private final Connections connections;
    private final TrustedCallers trusted;
    private final SourceResolver addresses;
    private final PolicyStore policies;
    private final Gate gate;
    private final AuditTrail audit;
    private final InstantSource clock;
    private final Door door;

    EvaluationResource(
            @ConfigProperty(name = "postern.authzen.enabled") boolean enabled,
            Connections connections,
            TrustedCallers trusted,
            SourceSettings settings,
            PolicyStore policies,
            Gate gate,
            AuditTrail audit,
            InstantSource clock,
            Courses courses) {
        this.enabled = enabled;
        this.connections = connections;
        this.trusted = trusted;
        // The address that is asked about is the caller's, whatever proxies there were.
        this.addresses = new SourceResolver(new SourceSettings(
                new SourceSettings.TrustedProxies(List.of(), false),
                SourceSettings.ForwardingHeader.NONE,
                settings.nat64(),
                settings.privateEndpoints(),
                settings.linkKeys()));
        this.policies = policies;
        this.gate = gate;
        this.audit = audit;
        this.clock = clock;
        this.door = courses.door(DOOR);
    }

    /** Whether the subject may do that, from there. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @NonBlocking
    public Response evaluate(@Context HttpServerRequest request, @Nullable String body) {
        Connection connection = connections.of(request);
        boolean believed = connection.proxyHeader().isEmpty()
                && trusted.include(connection.peer(), TrustedCallers.isCertified(request.sslSession()));
        if (!enabled || !believed) {
            return refused(new OciError(403, "DENIED", TrustedCallers.TURNED_AWAY));
        }
        Course course = door.begin(request, EvaluationResource::traceparents);
        return switch (Evaluation.read(body == null ? "" : body)) {
            case Evaluation.Malformed malformed -> {
                audit.malformed(DOOR);
                yield refused(new OciError(400, "UNSUPPORTED", malformed.why()));
            }
            case Evaluation.Read read -> answer(course, read.evaluation());
        };
    }

    private static List<String> traceparents(HttpServerRequest request) {
        return request.headers().getAll(Traceparent.HEADER);
    }

    private static Response refused(OciError error) {
        return Response.status(error.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(error.body(Optional.empty()))
                .build();
    }

    private Response answer(Course course, Evaluation asked) {
        Source source =
                addresses.resolve(new Connection(Optional.of(asked.address()), name -> List.of(), Optional.empty()));
        course.passed(Step.SOURCE);
        Identity identity = asked.subject().kind() == Subject.Kind.ANONYMOUS
                ? new Identity.Anonymous()
                : new Identity.Known(asked.subject(), CREDENTIAL);
        AccessRequest access = new AccessRequest(
                source,
                new Authentication.Authenticated(identity),
                List.of(asked.scope()),
                new Purpose.Passage(new Warrant.Bindings(), Optional.empty()));
        Instant now = clock.instant();
        Optional<Policy> policy = policies.state().inForce();
        Decision decision = policy.isPresent() ? gate.decide(policy.get(), access, now) : gate.withoutPolicy(access);
        course.passed(Step.GATE);
        String id = DecisionId.next();
        audit.record(new AuditEvent(
                id,
                now,
                DOOR,
                access,
                decision,
                policy.map(Policy::version),
                AuditEvent.ClientClaims.NONE,
                Optional.empty()));
        Response answer = Response.ok(body(decision, id), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(OciError.DECISION_HEADER, id)
                .build();
        course.ended(id, AuditTrail.outcome(decision), decision.reason().wireName());
        return answer;
    }

    private static String body(Decision decision, String id) {
        StringWriter text = new StringWriter(192);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeBooleanField("decision", decision instanceof Decision.Granted);
            out.writeObjectFieldStart("context");
            out.writeStringField("id", id);
            out.writeStringField("reason", decision.reason().wireName());
            if (decision instanceof Decision.Refused refused) {
                out.writeStringField("message", refused.message());
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return text.toString();
    }
}
