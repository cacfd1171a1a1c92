package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is on trial, and who is trusted, over HTTP: the warning, the audit event, the counters. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = ReportModeTest.POLICY),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1"),
            @ResourceArg(name = "postern.refer-url", value = "https://wiki.example.com/access")
        })
class ReportModeTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network:
                  allow: [{ address: 203.0.113.0/24 }, { address: 198.51.100.0/24, enforcement: report }]
                  deny: [{ address: 203.0.113.64/26, enforcement: report, note: the guests }]
                service-ids:
                  bot:
                    api-keys:
                      - id: k1
                        digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer], namespace: acme }
              trusting:
                namespaces: [trusting]
                network: { allow: [], trusted-services: [service-id:acme/bot] }
                bindings: [{ subjects: [service-id:acme/bot], roles: [Reader] }]
            """;

    private static final String BOT = RawHttp.basic("iamapikey", TestPolicy.API_KEY);

    @TestHTTPResource
    URI server;

    @Inject
    AuditTrail audit;

    @Inject
    MeterRegistry meters;

    private final Map<String, AuditEvent> events = new ConcurrentHashMap<>();

    @BeforeEach
    void listen() {
        audit.listen(event -> events.put(event.id(), event));
    }

    @Test
    void a_token_that_would_be_refused_carries_a_warning_in_the_words_of_the_refusal() {
        // When
        RawHttp.Answer answer = pull("203.0.113.70", "acme/app");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("warning"))
                .isEqualTo("299 - \"client with IP '203.0.113.70' would not be allowed access."
                        + " Refer https://wiki.example.com/access to grant access.\"");
        assertThat(event(answer).decision())
                .isInstanceOfSatisfying(
                        Decision.Granted.class,
                        granted -> assertThat(granted.wouldBe()).isPresent());
    }

    @Test
    void the_warning_tells_nothing_of_rules_and_accounts() {
        // When
        String warning = pull("203.0.113.70", "acme/app").header("warning");

        // Then
        assertThat(warning).isNotEmpty().doesNotContain("acme", "rule", "203.0.113.64", "guests", "policy");
    }

    @Test
    void a_token_that_would_not_be_refused_carries_none() {
        assertThat(pull("203.0.113.63", "acme/app").header("warning")).isEmpty();
    }

    @Test
    void a_refusal_carries_none() {
        // When
        RawHttp.Answer answer = pull("198.51.100.7", "acme/app");

        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("warning")).isEmpty();
    }

    @Test
    void what_would_be_refused_is_counted_by_its_reason() {
        // Given
        Counter counter = counter("postern.decisions.reported", "door", "registry", "reason", "address-denied");
        double before = counter.count();

        // When
        pull("203.0.113.70", "acme/app");
        pull("203.0.113.71", "acme/app");
        pull("203.0.113.63", "acme/app");
        pull("198.51.100.7", "acme/app");

        // Then
        assertThat(counter.count() - before).isEqualTo(2);
    }

    @Test
    void whom_a_rule_on_trial_would_admit_is_refused_and_counted() {
        // Given
        Counter counter = counter("postern.decisions.would-pass", "door", "registry");
        double before = counter.count();

        // When
        RawHttp.Answer answer = pull("198.51.100.7", "acme/app");
        pull("192.0.2.50", "acme/app");

        // Then
        assertThat(counter.count() - before).isEqualTo(1);
        assertThat(event(answer).decision().explanation().count(Outcome.WOULD_PASS))
                .isEqualTo(1);
    }

    @Test
    void a_trusted_service_that_is_let_in_is_counted_and_audited() {
        // Given
        Counter counter = counter("postern.decisions.trusted", "door", "registry");
        double before = counter.count();

        // When
        RawHttp.Answer answer = pull("203.0.113.9", "trusting/app");
        pull("203.0.113.9", "acme/app");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(counter.count() - before).isEqualTo(1);
        assertThat(event(answer).decision().explanation().steps())
                .anySatisfy(step -> assertThat(step.finding()).startsWith("trusted service service-id:acme/bot"));
    }

    private AuditEvent event(RawHttp.Answer answer) {
        return events.get(answer.header("x-postern-decision"));
    }

    private Counter counter(String name, String... tags) {
        return meters.counter(name, tags);
    }

    private RawHttp.Answer pull(String from, String repository) {
        return RawHttp.get(
                server,
                RawHttp.tokenTarget("registry.localhost", List.of("repository:" + repository + ":pull")),
                List.of(
                        new RawHttp.Line("Host", "localhost"),
                        new RawHttp.Line("X-Forwarded-For", from),
                        new RawHttp.Line("Authorization", BOT)));
    }
}
