package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.audit.RuleUse.Entry;
import dev.postern.audit.RuleUse.Snapshot;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleUseTest {

    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");
    private static final Gate GATE = new Gate("local", Optional.empty());

    private final RuleUse use = new RuleUse();

    @Test
    void the_rule_that_decided_is_counted_and_no_other() {
        // Given
        Policy policy = follow("allow: [{address: 203.0.113.0/24}, {address: 192.0.2.0/24}]", START);
        // When
        use.count(pull(policy, "203.0.113.10", START.plusSeconds(5)));
        use.count(pull(policy, "203.0.113.11", START.plusSeconds(9)));
        // Then
        Entry used = entry("203.0.113.0/24");
        assertThat(used.hits()).isEqualTo(2);
        assertThat(used.lastUse()).hasValue(START.plusSeconds(9));
        assertThat(used.since()).isEqualTo(START);
        assertThat(used.account()).hasValue("acme");
        assertThat(entry("192.0.2.0/24").hits()).isZero();
        assertThat(entry("192.0.2.0/24").lastUse()).isEmpty();
    }

    @Test
    void a_rule_that_refuses_is_used_too() {
        // Given
        Policy policy = follow("allow: [{address: 203.0.113.0/24}]\n      deny: [{address: 203.0.113.66}]", START);
        // When
        use.count(pull(policy, "203.0.113.66", START));
        // Then
        assertThat(entry("203.0.113.66")).returns(1L, Entry::hits).returns(true, Entry::denies);
        assertThat(entry("203.0.113.0/24")).returns(0L, Entry::hits).returns(false, Entry::denies);
    }

    @Test
    void a_refusal_for_want_of_a_rule_is_no_rule_s() {
        // Given
        Policy policy = follow("allow: [{address: 203.0.113.0/24}]", START);
        // When
        use.count(pull(policy, "198.51.100.1", START));
        // Then
        assertThat(entry("203.0.113.0/24").lastUse()).isEmpty();
    }

    @Test
    void what_is_not_enforced_is_counted_apart() {
        // Given
        Policy policy = follow(
                "allow: [{address: 203.0.113.0/24}, {address: 198.51.100.0/24, enforcement: report}]\n"
                        + "      deny: [{address: 203.0.113.64/26, enforcement: report}]",
                START);
        // When
        use.count(pull(policy, "203.0.113.70", START));
        use.count(pull(policy, "198.51.100.1", START));
        // Then
        assertThat(entry("203.0.113.0/24")).returns(1L, Entry::hits).returns(0L, Entry::reported);
        assertThat(entry("203.0.113.64/26")).returns(0L, Entry::hits).returns(1L, Entry::reported);
        assertThat(entry("198.51.100.0/24")).returns(0L, Entry::hits).returns(1L, Entry::reported);
    }

    @Test
    void a_denial_in_a_section_in_report_mode_is_counted_apart() {
        // Given
        Policy policy = follow("enforcement: report\n      deny: [{address: 203.0.113.64/26}]", START);
        // When
        use.count(pull(policy, "203.0.113.70", START));
        // Then
        assertThat(entry("203.0.113.64/26")).returns(0L, Entry::hits).returns(1L, Entry::reported);
    }

    @Test
    void a_rule_that_moved_goes_on_counting() {
        // Given
        Policy before = follow(
                "allow:\n        - {address: 203.0.113.0/24}\n        - {address: 192.0.2.0/24}\n        - {address: 198.51.100.0/24}",
                START);
        use.count(pull(before, "203.0.113.10", START));
        use.count(pull(before, "192.0.2.1", START));
        use.count(pull(before, "192.0.2.2", START));
        use.count(pull(before, "198.51.100.1", START));
        // When
        Instant later = START.plusSeconds(60);
        Policy after = follow(
                "# a line more\n      allow:\n        - {address: 192.0.2.0/24, note: ours}\n        - {address: 192.0.2.128/25}\n"
                        + "        - {address: 203.0.113.0/24}\n        - {address: 198.51.100.0/24}",
                later);
        use.count(pull(after, "203.0.113.10", later));
        // Then
        assertThat(entry("203.0.113.0/24")).returns(2L, Entry::hits).returns(START, Entry::since);
        assertThat(entry("192.0.2.0/24")).returns(2L, Entry::hits).returns(START, Entry::since);
        assertThat(entry("198.51.100.0/24")).returns(1L, Entry::hits).returns(START, Entry::since);
        assertThat(entry("192.0.2.128/25")).returns(0L, Entry::hits).returns(later, Entry::since);
        assertThat(entry("203.0.113.0/24").lastUse()).hasValue(later);
    }

    @Test
    void a_rule_that_was_gone_begins_anew_and_so_does_one_in_the_other_list() {
        // Given
        Policy first = follow("allow: [{address: 203.0.113.0/24}, {address: 192.0.2.0/24}]", START);
        use.count(pull(first, "203.0.113.10", START));
        use.count(pull(first, "192.0.2.1", START));
        // When
        Instant later = START.plusSeconds(60);
        follow("allow: [{address: 198.51.100.0/24}]\n      deny: [{address: 192.0.2.0/24}]", later);
        assertThat(texts(use.snapshot("account acme", 10))).doesNotContain("address 203.0.113.0/24");
        follow("allow: [{address: 203.0.113.0/24}]\n      deny: [{address: 192.0.2.0/24}]", later);
        // Then
        assertThat(entry("203.0.113.0/24")).returns(0L, Entry::hits).returns(later, Entry::since);
        assertThat(entry("192.0.2.0/24")).returns(0L, Entry::hits).returns(later, Entry::since);
    }

    @Test
    void what_another_policy_decided_is_not_laid_to_a_rule_at_the_same_place() {
        // Given
        Policy before = follow("allow: [{address: 203.0.113.0/24}]", START);
        AuditEvent late = pull(before, "203.0.113.10", START);
        follow("allow: [{address: 203.0.113.0/25}]", START);
        // When
        use.count(late);
        // Then
        assertThat(entry("203.0.113.0/25").hits()).isZero();
    }

    @Test
    void the_same_rule_of_two_accounts_is_two_rules() {
        // Given
        Policy policy = policy("""
                accounts:
                  acme:
                    namespaces: [acme]
                    network: {allow: [{address: 203.0.113.0/24}]}
                    service-ids: {bot: {network: {deny: [{address: 203.0.113.66}]}}}
                    bindings: [{subjects: [service-id:bot], roles: [Reader]}]
                  other:
                    namespaces: [other]
                    network: {allow: [{address: 203.0.113.0/24}]}
                """);
        use.follow(policy, START);
        // When
        use.count(pull(policy, "203.0.113.10", START));
        // Then
        assertThat(use.rulesets()).containsExactly("account acme", "service-id:acme/bot", "account other");
        assertThat(use.snapshot("account acme", 10).entries())
                .extracting(Entry::hits)
                .containsExactly(1L);
        assertThat(use.snapshot("account other", 10).entries())
                .extracting(Entry::hits)
                .containsExactly(0L);
    }

    @Test
    void rules_are_unused_when_they_have_had_their_time() {
        // Given
        Duration month = Duration.ofDays(30);
        Instant start = START;
        Policy policy = follow(
                "allow:\n        - {address: 203.0.113.0/24}\n        - {address: 192.0.2.0/24}\n"
                        + "        - {address: 198.51.100.0/24, from: 2026-06-20T00:00:00Z}",
                start);
        use.count(pull(policy, "192.0.2.1", START.plus(Duration.ofDays(10))));
        // Then
        assertThat(texts(use.unused(START.plus(Duration.ofDays(30)).minusSeconds(1), month, 10)))
                .isEmpty();
        assertThat(texts(use.unused(START.plus(Duration.ofDays(30)), month, 10)))
                .containsExactly("address 203.0.113.0/24");
        assertThat(texts(use.unused(START.plus(Duration.ofDays(40)), month, 10)))
                .containsExactly("address 203.0.113.0/24", "address 192.0.2.0/24");
        Snapshot all = use.unused(START.plus(Duration.ofDays(60)), month, 2);
        assertThat(all.entries()).hasSize(2);
        assertThat(all.leftOut()).isEqualTo(1);
    }

    @Test
    void rules_of_a_section_that_is_off_are_not_said_to_be_unused() {
        // When
        follow("enforcement: off\n      allow: [{address: 203.0.113.0/24}]", START);
        // Then
        assertThat(use.unused(START.plus(Duration.ofDays(90)), Duration.ofDays(30), 10)
                        .entries())
                .isEmpty();
    }

    @Test
    void of_many_rules_so_many_are_read_as_are_asked_for() {
        // Given
        follow("allow: [{address: 203.0.113.0/24}, {address: 192.0.2.0/24}, {address: 198.51.100.0/24}]", START);
        // Then
        assertThat(texts(use.snapshot("account acme", 2)))
                .containsExactly("address 203.0.113.0/24", "address 192.0.2.0/24");
        assertThat(use.snapshot("account acme", 2).leftOut()).isEqualTo(1);
        assertThat(use.snapshot("account nobody", 2)).isEqualTo(new Snapshot(List.of(), 0));
    }

    @Test
    void many_threads_lose_no_count_even_of_the_first_uses() throws InterruptedException {
        // Given
        Policy policy = follow("allow: [{address: 203.0.113.0/24}]", START);
        AuditEvent event = pull(policy, "203.0.113.10", START);
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    try {
                        together.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    for (int n = 0; n < 5_000; n++) {
                        use.count(event);
                    }
                }))
                .toList();
        // When
        together.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        // Then
        assertThat(entry("203.0.113.0/24").hits()).isEqualTo(20_000);
    }

    private Policy follow(String network, Instant now) {
        Policy policy = policy("""
                accounts:
                  acme:
                    namespaces: [acme]
                    service-ids: {bot: {}}
                    bindings: [{subjects: [service-id:bot], roles: [Reader]}]
                    network:
                """ + "      " + network + "\n");
        use.follow(policy, now);
        return policy;
    }

    private Entry entry(String range) {
        return use.snapshot("account acme", 100).entries().stream()
                .filter(entry -> entry.rule().text().equals("address " + range))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(Snapshot snapshot) {
        return snapshot.entries().stream().map(entry -> entry.rule().text()).toList();
    }

    private static AuditEvent pull(Policy policy, String from, Instant at) {
        AccessRequest request = new AccessRequest(
                Events.at(from),
                new Authentication.Authenticated(
                        new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"), "api-key:k1")),
                List.of(((Scope.Parsed) Scope.parse("repository:acme/app:pull")).scope()));
        return new AuditEvent(
                "0123456789abcdef",
                at,
                "registry",
                request,
                GATE.decide(policy, request, at),
                Optional.of(policy.version()),
                ClientClaims.NONE,
                Optional.empty());
    }

    private static Policy policy(String text) {
        return switch (new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }
}
