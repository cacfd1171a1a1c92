package dev.postern.door.registry;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.DecisionId;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Reason;
import dev.postern.distribution.OciError;
import dev.postern.door.GateCaller;
import dev.postern.door.RegistrySettings;
import dev.postern.identity.Authentication;
import dev.postern.identity.Authenticator;
import dev.postern.identity.Credentials;
import dev.postern.identity.RefreshLogin;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Source;
import dev.postern.source.Source.UnknownSource;
import dev.postern.timing.Course;
import dev.postern.timing.Step;
import dev.postern.token.RefreshToken;
import dev.postern.token.RegistryToken;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The one way to a token: who is it, may it, and the answer. Nothing here knows how the request was written. */
@Singleton
final class TokenDesk {

    static final String DOOR = "registry";
    private static final String BAD_REFRESH_TOKEN = "the refresh token is not valid, or is no longer; log in again";

    private final Authenticator authenticator;
    private final RefreshLogin refreshLogin;
    private final PolicyStore policies;
    private final Gate gate;
    private final RegistryTokens tokens;
    private final AuditTrail audit;
    private final InstantSource clock;
    private final RegistrySettings registry;

    TokenDesk(
            Authenticator authenticator,
            RefreshLogin refreshLogin,
            PolicyStore policies,
            Gate gate,
            RegistryTokens tokens,
            AuditTrail audit,
            InstantSource clock,
            RegistrySettings registry) {
        this.authenticator = authenticator;
        this.refreshLogin = refreshLogin;
        this.policies = policies;
        this.gate = gate;
        this.tokens = tokens;
        this.audit = audit;
        this.clock = clock;
        this.registry = registry;
    }

    /** A request that cannot be read. */
    Reply malformed(OciError error) {
        audit.malformed(DOOR);
        return Refusals.of(error);
    }

    CompletableFuture<Reply> answer(Course course, Source source, Credentials credentials, TokenRequest request) {
        Optional<Policy> policy = policies.state().inForce();
        CompletableFuture<Authentication> authentication = policy.isEmpty() || source instanceof UnknownSource
                ? CompletableFuture.completedFuture(new Authentication.NotAttempted())
                : authenticator.authenticate(
                        policy.get(), credentials, new GateCaller(gate, policy.get(), source, clock));
        return authentication.thenApply(known -> decide(course, source, credentials, known, policy, request));
    }

    /**
     * By the policy of this moment, which may be newer than the one that knew the identity.
     *
     * @param knownBy the policy by which the credentials were judged
     */
    private Reply decide(
            Course course,
            Source source,
            Credentials credentials,
            Authentication authentication,
            Optional<Policy> knownBy,
            TokenRequest request) {
        course.passed(Step.CREDENTIAL);
        Instant now = clock.instant();
        Optional<Policy> policy = policies.state().inForce();
        AccessRequest access = new AccessRequest(source, authentication, request.scopes());
        Decision decision = policy.isPresent() ? gate.decide(policy.get(), access, now) : gate.withoutPolicy(access);
        course.passed(Step.GATE);
        String id = DecisionId.next();
        Reply answer = switch (decision) {
            case Decision.Refused refused -> {
                record(id, now, access, decision, policy, request, Optional.empty(), Optional.empty());
                yield Refusals.of(told(refused, credentials), authentication, id, registry.reasons());
            }
            case Decision.Granted granted -> {
                RegistryToken token = tokens.give(granted, policy.orElseThrow(), source, now);
                course.passed(Step.SIGNING);
                Optional<RefreshToken> issued = request.wantsRefreshToken()
                        ? knownBy.flatMap(by -> refreshLogin.issue(by, granted.identity(), now))
                        : Optional.empty();
                record(
                        id,
                        now,
                        access,
                        decision,
                        policy,
                        request,
                        Optional.of(token.id()),
                        issued.map(RefreshToken::id));
                // It is never rotated: clients keep the first.
                Optional<String> refreshToken = credentials instanceof Credentials.RefreshToken shown
                        ? Optional.of(shown.value())
                        : issued.map(RefreshToken::value);
                yield new TokenAnswer(token, granted, refreshToken, id, now).reply(request.method());
            }
        };
        course.ended(id, AuditTrail.outcome(decision), decision.reason().wireName());
        return answer;
    }

    private void record(
            String id,
            Instant now,
            AccessRequest access,
            Decision decision,
            Optional<Policy> policy,
            TokenRequest request,
            Optional<String> tokenId,
            Optional<String> refreshTokenId) {
        audit.record(new AuditEvent(
                id,
                now,
                DOOR,
                access,
                decision,
                policy.map(Policy::version),
                request.client(),
                tokenId,
                refreshTokenId));
    }

    /** Who has shown a refresh token has no user name and password to look at again. */
    private static Decision.Refused told(Decision.Refused refused, Credentials credentials) {
        return refused.reason() == Reason.BAD_CREDENTIALS && credentials instanceof Credentials.RefreshToken
                ? new Decision.Refused(refused.reason(), BAD_REFRESH_TOKEN, refused.explanation())
                : refused;
    }
}
