package dev.postern.setup;

import dev.postern.feed.load.FeedKeeper;
import dev.postern.feed.load.FeedStatus;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import dev.postern.token.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Health that means something: live while the process answers, ready while it can decide. */
@ApplicationScoped
public class HealthChecks {

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

    /** Ready, for there is a key to sign with. One that is there and cannot be taken makes it {@code degraded}. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck signingKey(TokenService tokens) {
        return () -> {
            SigningKey key = tokens.keys().ring().signing();
            return with(HealthCheckResponse.named("signing-key"), tokens.keyFault())
                    .withData("algorithm", key.algorithm().name())
                    .withData("thumbprint", key.thumbprint())
                    .build();
        };
    }

    /** Always ready: what was revoked stays so. A file that cannot be taken makes it {@code degraded}. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck revocations(TokenService tokens) {
        return () -> with(HealthCheckResponse.named("revocations"), tokens.revocationFault())
                .withData("inForce", tokens.revocations().count())
                .build();
    }

    private static HealthCheckResponseBuilder with(HealthCheckResponseBuilder answer, LastingFault fault) {
        Optional<LastingFault.Shown> shown = fault.shown();
        answer.up().withData("degraded", shown.isPresent());
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
