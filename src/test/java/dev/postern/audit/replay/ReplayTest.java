package dev.postern.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditEvent.Form;
import dev.postern.audit.AuditJson;
import dev.postern.audit.Events;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was decided, decided again: the same by the same policy, otherwise by another, and nothing is guessed. */
class ReplayTest {

    @Test
    void byTheSamePolicyEverythingIsDecidedAsItWas() throws Exception {
        // When
        ReplayReport report = replay(Events.POLICY, events());
        // Then: two were decided by no policy, and one for want of one
        assertThat(report.changes()).isEmpty();
        assertThat(report.events()).isEqualTo(Events.all().size());
        assertThat(report.leftOut())
                .containsOnly(Map.entry("not decided by a policy (unavailable, too-many-failures)", 3L));
        assertThat(report.same()).isEqualTo(Events.all().size() - 3);
        assertThat(report.badLines()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // An address of the block is denied.
                "address: 203.0.113.66 | address: 203.0.113.10 | a grant | refused-now | acme | 203.0.113.10",
                "address: 203.0.113.66 | address: 203.0.113.10 | a refusal by a rule | granted-now | acme | 203.0.113.66",
                "address: 203.0.113.0/24 | address: 192.0.2.0/24 | a refusal for want of a rule | granted-now | acme | 192.0.2.50",
                "address: 203.0.113.66 | address: 198.51.100.1 | a refusal by a rule | granted-now | acme | 203.0.113.66",
                "address: 203.0.113.0/24 | address: 192.0.2.0/24 | a refusal by a rule | - | - | -",
                "roles: [Writer] | roles: [Reader] | a grant | less | acme | 203.0.113.10",
                "private-endpoint: us-south | address: 192.0.2.7 | by a private endpoint | refused-now | acme | 166.9.20.31 by us-south",
                "private-endpoint: us-south | address: 192.0.2.7 | by a link | refused-now | acme | 10.8.0.7 by us-south",
                "service-ids: {bot: {}} | service-ids: {bot: {}, other: {}} | a grant | - | - | -",
                "private-endpoint: us-south | address: 192.0.2.7 | from an unknown source | - | - | -",
                "private-endpoint: us-south | address: 192.0.2.7 | wrong credentials | - | - | -",
                "address: 203.0.113.0/24 | address: 192.0.2.0/24 | a passage by a token | refused-now | acme | 203.0.113.10",
                "address: 203.0.113.0/24 | address: 192.0.2.0/24 | a passage by another's token | refused-now | acme | 203.0.113.10",
                "roles: [Writer] | roles: [Reader] | a passage by another's token | - | - | -",
                "address: 203.0.113.0/24 | address: 192.0.2.0/24 | a passage by the source | granted-now | acme | 192.0.2.50",
                "address: 203.0.113.0/24 | address: 192.0.2.0/24 | a passage by bindings | refused-now | acme | 203.0.113.10",
            })
    void byAnotherPolicyWhatDiffersIsNamed(
            String from, String to, String event, String kind, String account, String source) throws Exception {
        // When
        ReplayReport report = replay(policy(Events.POLICY_TEXT.replace(from, to)), line(event));
        // Then
        if (kind.equals("-")) {
            assertThat(report.changes()).isEmpty();
            assertThat(report.same()).isEqualTo(1);
        } else {
            assertThat(report.changes()).hasSize(1);
            Change change = report.changes().keySet().iterator().next();
            assertThat(change.kind().wireName()).isEqualTo(kind);
            assertThat(change.account()).isEqualTo(account);
            assertThat(change.source()).isEqualTo(source);
            assertThat(change.rule()).contains("account acme");
        }
    }

    @Test
    void theRuleThatDecidesNowIsNamedWithItsPlace() throws Exception {
        // When
        ReplayReport report = replay(
                policy(Events.POLICY_TEXT.replace("address: 203.0.113.66", "address: 203.0.113.10")), line("a grant"));
        // Then
        assertThat(report.changes().keySet().iterator().next().rule())
                .isEqualTo("account acme: denied by address 203.0.113.10 (policy.yaml:9:11)");
    }

    @Test
    void anEventIsDecidedAtItsOwnTime() throws Exception {
        // Given: a rule that ends in the middle of the events
        Policy policy = policy(Events.POLICY_TEXT.replace(
                "{address: 203.0.113.0/24}", "{address: 203.0.113.0/24, until: 2026-06-01T12:00:01Z}"));
        String before = line("a grant");
        String after = before.replace("2026-06-01T12:00:00.123Z", "2026-06-01T12:00:01Z");
        // When
        ReplayReport report = replay(policy, before + "\n" + after + "\n" + before + "\n" + after);
        // Then
        assertThat(report.same()).isEqualTo(2);
        assertThat(report.changed()).isEqualTo(2);
    }

    @Test
    void whatIsReducedOrOfNobodyIsLeftOutAndCounted() throws Exception {
        // Given
        String grant = line("a grant");
        String passage = line("a passage by the source");
        // When
        ReplayReport report = replay(
                Events.POLICY,
                String.join(
                        "\n",
                        grant.substring(0, grant.length() - 1) + ",\"addresses\":\"truncated\"}",
                        grant.substring(0, grant.length() - 1) + ",\"subjects\":\"hashed\"}",
                        grant.replace("\"door\":\"registry\"", "\"door\":\"trial\""),
                        grant.replace("service-id:acme/bot", "oidc:acme/github/repo:acme/app"),
                        passage.replaceAll("\"passage\":\\{[^}]*},", "")));
        // Then
        assertThat(report.leftOut().values()).allMatch(count -> count >= 1);
        assertThat(report.leftOut().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(5);
        assertThat(report.changed()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} ",
                "{\"time\":\"2026-06-01T12:00:00Z\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"door\":\"registry\",\"outcome\":\"maybe\"}",
                "{\"a\":",
                "{\"time\":1}x",
                "[1]",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}}}}}}}}}",
            })
    void whatIsNoEventIsNamedAndLeftOut(String bad) throws Exception {
        // When
        ReplayReport report = replay(Events.POLICY, line("a grant") + "\n" + bad + "\n" + line("a login"));
        // Then
        assertThat(report.events()).isEqualTo(2);
        assertThat(report.same()).isEqualTo(2);
        if (bad.startsWith("{")) {
            assertThat(report.named()).containsExactly("audit.jsonl:2");
        } else {
            assertThat(report.otherLines()).isEqualTo(1);
        }
    }

    @Test
    void aDuplicateFieldIsNoWayToBeDecidedOtherwise() throws Exception {
        // Given
        String forged = line("a grant").replace("\"subject\":", "\"subject\":\"service-id:acme/other\",\"subject\":");
        // When
        ReplayReport report = replay(Events.POLICY, forged);
        // Then
        assertThat(report.events()).isZero();
        assertThat(report.badLines()).isEqualTo(1);
    }

    @Test
    void linesAcrossPiecesAndFilesAreWholeAndFoundAgain() throws Exception {
        // Given: several pieces of a megabyte, and a bad line in the third file
        String lines = (line("a grant") + "\n").repeat(4000);
        assertThat(lines.length()).isGreaterThan(2 * 1024 * 1024);
        // When
        ReplayReport report = new Replay(Events.POLICY, Events.GATE, 2)
                .run(
                        List.of(
                                input("one", lines),
                                input("two", lines.strip()),
                                input("three", "INFO something\n" + lines + "{bad\n" + lines)),
                        bytes -> {});
        // Then
        assertThat(report.events()).isEqualTo(16_000);
        assertThat(report.same()).isEqualTo(16_000);
        assertThat(report.otherLines()).isEqualTo(1);
        assertThat(report.named()).containsExactly("three:4002");
    }

    @Test
    void aLineThatIsLongerThanAPieceIsNoEvent() throws Exception {
        // When
        ReplayReport report =
                replay(Events.POLICY, "{\"a\":\"" + "x".repeat(3 * 1024 * 1024) + "\"}\n" + line("a grant"));
        // Then
        assertThat(report.events()).isEqualTo(1);
        assertThat(report.badLines()).isPositive();
    }

    @Test
    void progressIsToldToTheEnd() throws Exception {
        // Given
        String lines = (line("a grant") + "\n").repeat(3000);
        List<Long> told = new ArrayList<>();
        // When
        new Replay(Events.POLICY, Events.GATE, 1).run(List.of(input("one", lines)), told::add);
        // Then
        assertThat(told).hasSizeGreaterThan(1).isSorted().endsWith((long) lines.length());
    }

    @Test
    void aFileThatIsNotThereStopsIt() {
        Replay.Input gone = new Replay.Input() {
            @Override
            public String name() {
                return "gone.jsonl";
            }

            @Override
            public InputStream open() throws IOException {
                throw new NoSuchFileException("gone.jsonl");
            }
        };
        assertThatThrownBy(() -> new Replay(Events.POLICY, Events.GATE, 2).run(List.of(gone), bytes -> {}))
                .isInstanceOf(Replay.Unreadable.class)
                .hasMessage("there is no file gone.jsonl");
    }

    @Test
    void reducedEventsAreWhatTheServerWrites() {
        // The fields by which they are known.
        assertThat(Form.HASHED.wireName()).isEqualTo("hashed");
        assertThat(Form.TRUNCATED.wireName()).isEqualTo("truncated");
    }

    private static String events() {
        StringBuilder lines = new StringBuilder();
        Events.all()
                .values()
                .forEach(event -> lines.append(AuditJson.write(event)).append('\n'));
        return lines.toString();
    }

    private static String line(String name) {
        AuditEvent event = Events.all().get(name);
        assertThat(event).as(name).isNotNull();
        return AuditJson.write(event);
    }

    private static ReplayReport replay(Policy policy, String lines) throws Exception {
        return new Replay(policy, Events.GATE, 2).run(List.of(input("audit.jsonl", lines)), bytes -> {});
    }

    private static Replay.Input input(String name, String text) {
        return new Replay.Input() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    private static Policy policy(String text) {
        return switch (new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }
}
