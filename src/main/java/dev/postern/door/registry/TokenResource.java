package dev.postern.door.registry;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.DecisionId;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Reason;
import dev.postern.identity.Authentication;
import dev.postern.identity.Authenticator;
import dev.postern.identity.Credentials;
import dev.postern.listener.Connections;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Source;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.SourceResolver;
import dev.postern.token.RegistryToken;
import dev.postern.token.TokenIssuer;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code GET /token}. Runs on the I/O thread; only a password check leaves it. */
@Path("/token")
public class TokenResource {

    private static final String DOOR = "registry";

    private final Connections connections;
    private final SourceResolver sources;
    private final Authenticator authenticator;
    private final PolicyStore policies;
    private final Gate gate;
    private final TokenIssuer issuer;
    private final AuditTrail audit;
    private final InstantSource clock;
    private final String service;

    TokenResource(
            Connections connections,
            SourceResolver sources,
            Authenticator authenticator,
            PolicyStore policies,
            Gate gate,
            TokenIssuer issuer,
            AuditTrail audit,
            InstantSource clock,
            @ConfigProperty(name = "postern.service") String service) {
        this.connections = connections;
        this.sources = sources;
        this.authenticator = authenticator;
        this.policies = policies;
        this.gate = gate;
        this.issuer = issuer;
        this.audit = audit;
        this.clock = clock;
        this.service = service;
    }

    /** A token, or a refusal, by the Distribution token specification. */
    @GET
    @NonBlocking
    public Uni<Response> get(@Context HttpServerRequest request) {
        List<String> authorization = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorization.size() > 1) {
            return malformed("the Authorization header stands more than once; expected one");
        }
        Credentials credentials = Credentials.of(authorization.stream().findFirst());
        if (credentials instanceof Credentials.Malformed malformed) {
            return malformed(malformed.why());
        }
        return switch (TokenQuery.read(parameters(request.params()), service)) {
            case TokenQuery.Malformed malformed -> malformed(malformed.message());
            case TokenQuery.Read read -> answer(sources.resolve(connections.of(request)), credentials, read.query());
        };
    }

    /** Issues nothing: without this method, a HEAD would be answered as a GET is. */
    @HEAD
    @NonBlocking
    public Response head() {
        return Response.status(405).header(HttpHeaders.ALLOW, "GET").build();
    }

    private Uni<Response> malformed(String message) {
        audit.malformed(DOOR);
        return Uni.createFrom()
                .item(OciError.of(Reason.MALFORMED_REQUEST, message).response(Optional.empty()));
    }

    private Uni<Response> answer(Source source, Credentials credentials, TokenQuery query) {
        Optional<Policy> policy = policies.state().inForce();
        CompletableFuture<Authentication> authentication = policy.isEmpty() || source instanceof UnknownSource
                ? CompletableFuture.completedFuture(new Authentication.NotAttempted())
                : authenticator.authenticate(
                        policy.get(), credentials, new GateCaller(gate, policy.get(), source, clock));
        if (authentication.isDone()) {
            return Uni.createFrom().item(decide(source, authentication.join(), query));
        }
        return Uni.createFrom().completionStage(authentication).map(known -> decide(source, known, query));
    }

    /** By the policy of this moment, which may be newer than the one that knew the identity. */
    private Response decide(Source source, Authentication authentication, TokenQuery query) {
        Instant now = clock.instant();
        Optional<Policy> policy = policies.state().inForce();
        AccessRequest request = new AccessRequest(source, authentication, query.scopes());
        Decision decision = policy.isPresent() ? gate.decide(policy.get(), request, now) : gate.withoutPolicy(request);
        String id = DecisionId.next();
        Optional<RegistryToken> token = decision instanceof Decision.Granted granted
                ? Optional.of(issuer.issue(claims(granted), now))
                : Optional.empty();
        audit.record(new AuditEvent(
                id,
                now,
                DOOR,
                request,
                decision,
                policy.map(Policy::version),
                query.client(),
                token.map(RegistryToken::id)));
        return switch (decision) {
            case Decision.Granted granted -> TokenAnswer.of(token.orElseThrow(), id, granted.wouldBe());
            case Decision.Refused refused -> OciError.of(refused, authentication, id);
        };
    }

    private RegistryToken.Claims claims(Decision.Granted granted) {
        List<RegistryToken.Access> access = granted.grants().stream()
                .map(grant -> new RegistryToken.Access(
                        grant.scope().type(), grant.scope().name(), grant.actions()))
                .toList();
        return new RegistryToken.Claims(granted.identity().subject().toString(), service, access);
    }

    private static TokenQuery.Parameters parameters(MultiMap params) {
        return new TokenQuery.Parameters() {
            @Override
            public List<String> all(String name) {
                return params.getAll(name);
            }

            @Override
            public Set<String> names() {
                return params.names();
            }
        };
    }
}
