package dev.postern.door;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.DecisionId;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Purpose;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.decision.Warrant;
import dev.postern.distribution.OciError;
import dev.postern.distribution.RegistryCall;
import dev.postern.door.RegistrySettings.Mode;
import dev.postern.identity.Authentication;
import dev.postern.identity.Authenticator;
import dev.postern.identity.Credentials;
import dev.postern.identity.Identity;
import dev.postern.identity.RegistryLogin;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Source;
import dev.postern.source.Source.UnknownSource;
import dev.postern.timing.Course;
import dev.postern.timing.Step;
import dev.postern.token.RegistryToken;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The one way past a door to the registry: what is needed, who says so, the gate's decision, and the answer. Never blocks. */
@Singleton
public final class PassageDesk {

    private static final Warrant NOTHING = new Warrant.Token(List.of(), Optional.empty());

    private final RegistrySettings settings;
    private final Authenticator authenticator;
    private final RegistryLogin registryTokens;
    private final PolicyStore policies;
    private final Gate gate;
    private final AuditTrail audit;
    private final InstantSource clock;

    PassageDesk(
            RegistrySettings settings,
            Authenticator authenticator,
            RegistryLogin registryTokens,
            PolicyStore policies,
            Gate gate,
            AuditTrail audit,
            InstantSource clock) {
        this.settings = settings;
        this.authenticator = authenticator;
        this.registryTokens = registryTokens;
        this.policies = policies;
        this.gate = gate;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * A request, as a door has read it.
     *
     * @param course the way of the request, at which door it came
     * @param source where it comes from
     * @param call what it asks of the registry
     * @param authorization the lines of the header {@code Authorization}
     * @param route what the proxy says of the route
     */
    public record Question(Course course, Source source, RegistryCall call, List<String> authorization, Route route) {
        /** Keeps its own copy. */
        public Question {
            authorization = List.copyOf(authorization);
        }

        /** The door, for the audit. */
        String door() {
            return course.door().name();
        }

        /** Leaves the credentials out. */
        @Override
        public String toString() {
            return "Question[" + door() + ", " + source + ", " + call + ", " + route + "]";
        }
    }

    /** The question, and what follows from it before anybody is asked. */
    private record Case(Question question, RegistrySettings registry, Mode mode, List<Scope> scopes) {}

    /** Who it is, and who says what it may do. */
    private record Shown(Authentication authentication, Warrant warrant) {}

    private static final Shown NO_TOKEN = new Shown(new Authentication.Missing(), NOTHING);

    /** Whether there is a policy by which to decide. */
    public boolean decides() {
        return policies.state().inForce().isPresent();
    }

    /** A request that cannot be read as one. */
    public Passage malformed(String door, Source source, String why) {
        return malformed(door, source, OciError.of(Reason.MALFORMED_REQUEST, why));
    }

    private Passage malformed(String door, Source source, OciError error) {
        audit.malformed(door);
        return new Passage.Stopped(
                new Passage.Facts(Optional.empty(), Reason.MALFORMED_REQUEST, Optional.empty(), source),
                error.status(),
                Answers.headers(Optional.empty()),
                error.body(Optional.empty()));
    }

    /** Decides. A future that is not done waits for a password check or an issuer. */
    public CompletableFuture<Passage> answer(Question question) {
        Optional<RegistrySettings> registry = settings.of(question.route());
        if (registry.isEmpty()) {
            return done(malformed(
                    question.door(), question.source(), "the route's service is none that the settings know"));
        }
        Mode mode = question.route().mode().orElse(settings.mode());
        if (mode == Mode.TOKEN && registry.get().realm().isEmpty()) {
            return done(malformed(
                    question.door(),
                    question.source(),
                    "the route's mode is token, and postern.registry.realm is not set"));
        }
        return answer(question, registry.get(), mode);
    }

    private CompletableFuture<Passage> answer(Question question, RegistrySettings registry, Mode mode) {
        return switch (question.call()) {
            case RegistryCall.Refused refused ->
                done(malformed(
                        question.door(),
                        question.source(),
                        refused.fault() == RegistryCall.Fault.UNKNOWN_PATH
                                ? new OciError(404, "UNSUPPORTED", refused.why())
                                : OciError.of(Reason.MALFORMED_REQUEST, refused.why())));
            case RegistryCall.Elsewhere elsewhere ->
                // Only of an account that the route names can it be said who may come there.
                mode == Mode.NETWORK && question.route().account().isPresent()
                        ? answer(new Case(question, registry, mode, List.of()))
                        : done(malformed(
                                question.door(),
                                question.source(),
                                new OciError(404, "UNSUPPORTED", "the API of a registry is under /v2/")));
            case RegistryCall.Base base -> answer(new Case(question, registry, mode, List.of()));
            case RegistryCall.Catalog catalog ->
                answer(new Case(question, registry, mode, List.of(Scope.of("registry", "catalog", Set.of("*")))));
            case RegistryCall.OfRepository of -> {
                List<Scope> scopes = new ArrayList<>(2);
                scopes.add(Scope.of("repository", of.repository(), of.actions()));
                of.mountedFrom().ifPresent(from -> scopes.add(Scope.of("repository", from, Set.of("pull"))));
                yield answer(new Case(question, registry, mode, scopes));
            }
        };
    }

    private CompletableFuture<Passage> answer(Case one) {
        Optional<Policy> policy = policies.state().inForce();
        if (policy.isEmpty() || one.question().source() instanceof UnknownSource) {
            return done(decide(one, new Shown(new Authentication.NotAttempted(), NOTHING)));
        }
        return switch (one.mode()) {
            case NETWORK ->
                done(decide(
                        one,
                        new Shown(new Authentication.Authenticated(new Identity.Anonymous()), new Warrant.Source())));
            case TOKEN -> token(policy.get(), one).thenApply(shown -> decide(one, shown));
            case IDENTITY -> identity(policy.get(), one);
        };
    }

    private CompletableFuture<Shown> token(Policy policy, Case one) {
        return switch (BearerHeader.read(one.question().authorization())) {
            case BearerHeader.None none -> CompletableFuture.completedFuture(NO_TOKEN);
            case BearerHeader.Malformed malformed ->
                CompletableFuture.completedFuture(new Shown(
                        new Authentication.RejectedToken(Optional.empty(), Optional.empty(), malformed.why()),
                        NOTHING));
            case BearerHeader.Token token ->
                registryTokens
                        .authenticate(policy, token.value(), one.registry().service(), clock.instant())
                        .thenApply(PassageDesk::shown);
        };
    }

    private static Shown shown(RegistryLogin.Outcome outcome) {
        return switch (outcome) {
            case RegistryLogin.Bad bad -> new Shown(bad.authentication(), NOTHING);
            case RegistryLogin.Unknown unknown -> new Shown(unknown.authentication(), NOTHING);
            case RegistryLogin.Good good -> {
                List<Scope> access = new ArrayList<>(good.claims().access().size());
                for (RegistryToken.Access one : good.claims().access()) {
                    access.add(Scope.of(one.type(), one.name(), one.actions()));
                }
                yield new Shown(
                        new Authentication.Authenticated(good.identity()),
                        new Warrant.Token(access, good.claims().boundTo()));
            }
        };
    }

    private CompletableFuture<Passage> identity(Policy policy, Case one) {
        Question question = one.question();
        Warrant warrant = new Warrant.Bindings();
        List<String> lines = question.authorization();
        // Clients show credentials to nobody who has not asked for them, and ask here whether they will be.
        if (lines.isEmpty() && question.call() instanceof RegistryCall.Base) {
            return done(decide(one, new Shown(new Authentication.Missing(), warrant)));
        }
        Credentials credentials = lines.size() > 1
                ? new Credentials.Malformed("the Authorization header stands more than once; expected one")
                : Credentials.of(lines.stream().findFirst());
        if (credentials instanceof Credentials.Malformed malformed) {
            return done(malformed(question.door(), question.source(), malformed.why()));
        }
        CompletableFuture<Authentication> authentication =
                authenticator.authenticate(policy, credentials, new GateCaller(gate, policy, question.source(), clock));
        return authentication.thenApply(known -> decide(one, new Shown(known, warrant)));
    }

    /** By the policy of this moment, which may be newer than the one that knew the identity. */
    private Passage decide(Case one, Shown shown) {
        Question question = one.question();
        question.course().passed(Step.CREDENTIAL);
        Instant now = clock.instant();
        Optional<Policy> policy = policies.state().inForce();
        AccessRequest access = new AccessRequest(
                question.source(),
                shown.authentication(),
                one.scopes(),
                new Purpose.Passage(shown.warrant(), question.route().account()));
        Decision decision = policy.isPresent() ? gate.decide(policy.get(), access, now) : gate.withoutPolicy(access);
        question.course().passed(Step.GATE);
        String id = DecisionId.next();
        audit.record(new AuditEvent(
                id,
                now,
                question.door(),
                access,
                decision,
                policy.map(Policy::version),
                AuditEvent.ClientClaims.NONE,
                Optional.empty()));
        Passage passage = new Answers(one.registry(), one.mode(), one.scopes()).of(id, access, decision);
        question.course()
                .ended(id, AuditTrail.outcome(decision), decision.reason().wireName());
        return passage;
    }

    private static CompletableFuture<Passage> done(Passage passage) {
        return CompletableFuture.completedFuture(passage);
    }
}
