package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.RuleUse;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Decision.Refused;
import dev.postern.decision.Explanation;
import dev.postern.decision.Reason;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Subject;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Source;
import dev.postern.testing.EveryMeter;
import dev.postern.testing.MetricsPage;
import dev.postern.testing.PosternResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The page of metrics does not grow with accounts, whatever is decided of them. */
@QuarkusTest
@WithTestResource(EveryMeter.class)
class ManyAccountsMetricsTest {

    private static final int ACCOUNTS = 10_000;
    private static final List<String> DOORS = List.of("registry", "envoy", "forward", "authzen");

    @TestHTTPResource(management = true)
    URI management;

    @TestHTTPResource
    URI server;

    @Inject
    PolicyStore policies;

    @Inject
    AuditTrail audit;

    @Inject
    RuleUse rules;

    @ConfigProperty(name = "postern.policy")
    Path policy;

    @Test
    void with_ten_thousand_accounts_and_every_reason_at_every_door_there_are_fewer_than_a_thousand_series()
            throws InterruptedException {
        // Given
        PosternResource.write(policy, manyAccounts());
        Management.await(
                () -> policies.state().inForce().orElseThrow().accounts().size() == ACCOUNTS);
        EveryMeter.call(server);

        // When
        for (int account = 0; account < ACCOUNTS; account++) {
            for (String door : DOORS) {
                audit.record(event(account, door));
            }
        }

        // Then
        MetricsPage page = MetricsPage.of(management);
        long decisions = page.series().stream()
                .filter(line -> line.startsWith("postern_decisions_total"))
                .count();
        assertThat(decisions).isGreaterThan((long) DOORS.size() * (Reason.values().length - 1));
        assertThat(page.series()).hasSizeLessThan(1000);
        assertThat(page.text()).doesNotContain("account-1", "bot-1", "10.0.");
        assertThat(rules.rulesets()).hasSize(ACCOUNTS);
        assertThat(page.value("postern_policy_accounts")).isEqualTo(ACCOUNTS);
    }

    private static String manyAccounts() {
        StringBuilder text = new StringBuilder("accounts:\n");
        for (int i = 0; i < ACCOUNTS; i++) {
            text.append("  account-" + i + ": { namespaces: [n" + i + "], network: { allow: [{ address: 10." + i / 65536
                    + "." + i / 256 % 256 + "." + i % 256 + " }] } }\n");
        }
        return text.toString();
    }

    /** Each account has another reason at each door, and another class of caller; all of them occur. */
    private static AuditEvent event(int account, String door) {
        Reason reason = Reason.values()[(account + DOORS.indexOf(door)) % Reason.values().length];
        String name = "account-" + account;
        Identity identity = switch (account / Reason.values().length % 3) {
            case 0 -> new Identity.Anonymous();
            case 1 -> new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, name, "bot-" + account), "api-key:k");
            default -> new Identity.Known(new Subject(Subject.Kind.USER, name, "user-" + account), "password");
        };
        Explanation explanation = new Explanation(List.of());
        Decision decision = switch (reason) {
            case GRANTED -> new Decision.Granted(identity, List.of(), explanation, Optional.empty());
            default -> new Refused(reason, "no", explanation);
        };
        return new AuditEvent(
                "0123456789abcdef",
                Instant.EPOCH,
                door,
                new AccessRequest(
                        new Source.UnknownSource(Source.Why.TOO_MANY_HOPS, List.of()),
                        new Authentication.Authenticated(identity),
                        List.of()),
                decision,
                Optional.empty(),
                ClientClaims.NONE,
                Optional.empty());
    }
}
