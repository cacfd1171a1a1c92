package dev.postern.setup;

import dev.postern.feed.load.FeedKeeper;
import dev.postern.feed.load.FeedStatus;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import dev.postern.token.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Health that means something: live while the process answers, ready while it can decide. */
@ApplicationScoped
public class HealthChecks {

    /** So long before its end, a certificate is somebody's business. */
    private static final Duration SOON = Duration.ofDays(14);

    /**
     * Ready while a policy is in force. Files that were not taken since are reported as {@code stale}, with the reason,
     * and do not make it unready: the last good policy decides.
     */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck policy(PolicyStore policies) {
        return () -> {
            PolicyStore.State state = policies.state();
            Optional<Policy> policy = state.inForce();
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("policy").status(policy.isPresent());
            policy.ifPresent(known -> answer.withData("version", known.version())
                    .withData("accounts", known.accounts().size())
                    .withData("rules", known.ruleCount()));
            state.since().map(Instant::toString).ifPresent(since -> answer.withData("since", since));
            answer.withData("stale", state.rejection().isPresent());
            state.rejection().ifPresent(why -> answer.withData("rejection", why));
            return answer.build();
        };
    }

    /**
     * Always ready: the last good copies decide. What a person should look at makes it {@code degraded}, with the reason
     * for each zone.
     */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck feeds(FeedKeeper keeper) {
        return () -> {
            List<FeedStatus> feeds = keeper.statuses();
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("feeds").up().withData("followed", feeds.size());
            boolean degraded = false;
            for (FeedStatus each : feeds) {
                Optional<String> trouble = each.trouble();
                trouble.ifPresent(why -> answer.withData("zone " + each.feed().zone(), why));
                degraded |= trouble.isPresent();
            }
            return answer.withData("degraded", degraded).build();
        };
    }

    /** Always ready: the keys at hand are good for a while, and what needs others is told to try again. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck issuers(OidcService oidc, RegistryIssuerService registries) {
        return () -> {
            Map<String, String> troubles = oidc.troubles();
            Map<String, String> ofRegistries = registries.troubles();
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("issuers")
                    .up()
                    .withData("degraded", !troubles.isEmpty() || !ofRegistries.isEmpty());
            troubles.forEach((name, why) -> answer.withData("issuer " + name, why));
            ofRegistries.forEach((name, why) -> answer.withData("registry issuer " + name, why));
            return answer.build();
        };
    }

    /** Always ready: without Redis, each replica knows what it knows. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck replicas(ReplicaService replicas) {
        return () -> {
            Optional<String> trouble = replicas.trouble();
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("replicas")
                    .up()
                    .withData("shared", replicas.isOn())
                    .withData("degraded", trouble.isPresent());
            trouble.ifPresent(why -> answer.withData("redis", why));
            return answer.build();
        };
    }

    /**
     * Ready, for there is a key to sign with. One that is there and cannot be taken makes it {@code degraded}, and a
     * certificate that registries will soon refuse.
     */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck signingKey(TokenService tokens, House house, InstantSource clock) {
        return () -> {
            SigningKey key = tokens.keys().ring().signing();
            Instant expiry = TokenMeters.expiry(key);
            boolean ends = expiry.isBefore(clock.instant().plus(SOON));
            HealthCheckResponseBuilder answer = with(HealthCheckResponse.named("signing-key"), tokens.keyFault(), ends);
            if (ends) {
                answer.withData(
                        "expiry",
                        "its certificate, or one above it, is valid for less than " + SOON.toDays() + " days more");
            }
            house.nextKeyAt().ifPresent(at -> answer.withData("changes", at.toString()));
            return answer.withData("algorithm", key.algorithm().name())
                    .withData("thumbprint", key.thumbprint())
                    .withData("expires", expiry.toString())
                    .build();
        };
    }

    /** Always ready: events that find no room are counted as lost. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck audit(AuditService audit) {
        return () -> {
            Map<String, String> troubles = audit.troubles();
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("audit")
                    .up()
                    .withData("degraded", !troubles.isEmpty())
                    .withData("lost", audit.lost());
            troubles.forEach((name, why) -> answer.withData("sink " + name, why));
            return answer.build();
        };
    }

    /** Ready when the code has run before. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck warmUp(WarmUp warmUp) {
        return () ->
                HealthCheckResponse.named("warm-up").status(warmUp.isOver()).build();
    }

    /** Started once there are keys, without which nothing starts, and a policy, which may come later. */
    @Produces
    @Startup
    @ApplicationScoped
    HealthCheck started(TokenService tokens, PolicyStore policies) {
        return () -> HealthCheckResponse.named("started")
                .status(policies.state().inForce().isPresent())
                .withData("keys", tokens.keys().ring().published().size())
                .withData("policy", policies.state().inForce().isPresent())
                .build();
    }

    /** Always ready: what was revoked stays so. A file that cannot be taken makes it {@code degraded}. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck revocations(TokenService tokens) {
        return () -> with(HealthCheckResponse.named("revocations"), tokens.revocationFault(), false)
                .withData("inForce", tokens.revocations().count())
                .build();
    }

    private static HealthCheckResponseBuilder with(
            HealthCheckResponseBuilder answer, LastingFault fault, boolean degradedAnyway) {
        Optional<LastingFault.Shown> shown = fault.shown();
        answer.up().withData("degraded", shown.isPresent() || degradedAnyway);
        shown.ifPresent(trouble -> answer.withData("fault", trouble.why())
                .withData("since", trouble.since().toString()));
        return answer;
    }

    /** Live while it answers. */
    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck process() {
        return () -> HealthCheckResponse.up("process");
    }
}
