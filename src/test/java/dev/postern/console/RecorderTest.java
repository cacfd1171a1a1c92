package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditEvent.Form;
import dev.postern.audit.Events;
import dev.postern.audit.Pseudonyms;
import dev.postern.audit.Reduction;
import dev.postern.decision.Decision;
import dev.postern.decision.Reason;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecorderTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Events.NOW);

    private Recorder recorder = new Recorder(Reduction.NONE, CLOCK);

    @AfterEach
    void close() {
        recorder.close();
    }

    private List<Refusal> refusals() {
        recorder.drain();
        return recorder.refusals().blocks().stream()
                .flatMap(block -> block.refusals().stream())
                .toList();
    }

    @Test
    void every_kind_of_event_is_counted_and_those_that_refuse_are_kept() {
        // Given
        Map<String, AuditEvent> events = Events.all();

        // When
        events.values().forEach(recorder::take);

        // Then
        long refused = events.values().stream()
                .filter(event -> event.decision() instanceof Decision.Refused
                        || event.decision() instanceof Decision.Granted granted
                                && granted.wouldBe().isPresent())
                .count();
        assertThat(refusals()).hasSizeGreaterThan(8).hasSize((int) (refused - recorder.lost()));
        long counted = 0;
        for (long count : recorder.tallies().byReason()) {
            counted += count;
        }
        assertThat(counted).isEqualTo(events.size());
        assertThat(recorder.tallies().byReason()[Reason.SOURCE_UNKNOWN.ordinal()])
                .isEqualTo(1);
        assertThat(recorder.tallies().reported()).isPositive();
    }

    @Test
    void a_refusal_for_want_of_a_rule_comes_with_the_rule() {
        // When
        recorder.take(Events.all().get("a refusal for want of a rule"));

        // Then
        Refusal refusal = refusals().getFirst();
        assertThat(refusal.reason()).isEqualTo("address-not-listed");
        assertThat(refusal.at()).startsWith("policy.yaml:");
        assertThat(refusal.advice().rule())
                .contains("accounts:\n  acme:\n    network:\n      allow:\n        - { address: 192.0.2.50, note:");
        assertThat(refusal.chain())
                .extracting(Link::kind)
                .contains("source", "ruleset")
                .endsWith("decision");
    }

    @Test
    void no_rule_is_offered_where_none_would_help() {
        // When
        recorder.take(Events.all().get("a refusal by a rule"));
        recorder.take(Events.all().get("from an unknown source"));
        recorder.take(Events.all().get("wrong credentials"));

        // Then
        assertThat(refusals()).hasSize(3).allSatisfy(refusal -> {
            assertThat(refusal.advice().rule()).isEmpty();
            assertThat(refusal.advice().text()).isNotEmpty();
        });
    }

    @Test
    void what_audit_events_reduce_is_reduced_here_and_no_rule_is_made_of_it() {
        // Given
        recorder.close();
        recorder = new Recorder(new Reduction(Form.TRUNCATED, Form.HASHED, new Pseudonyms(new byte[32])), CLOCK);

        // When
        Events.all().values().forEach(recorder::take);

        // Then
        assertThat(refusals()).isNotEmpty().allSatisfy(refusal -> {
            assertThat(refusal.toString())
                    .doesNotContain("192.0.2.50")
                    .doesNotContain("203.0.113.10")
                    .doesNotContain("alice");
            assertThat(refusal.advice().rule()).isEmpty();
        });
    }

    @Test
    void one_who_is_refused_too_fast_writes_over_itself_alone() {
        // Given
        AuditEvent quiet = Events.all().get("a refusal by a rule");
        AuditEvent loud = Events.all().get("a refusal for want of a rule");

        // When
        recorder.take(quiet);
        for (int i = 0; i < 10_000; i++) {
            recorder.take(loud);
        }

        // Then
        assertThat(refusals()).hasSizeLessThanOrEqualTo(8);
        assertThat(recorder.lost()).isGreaterThanOrEqualTo(9_990);
        assertThat(recorder.tallies().byReason()[Reason.ADDRESS_NOT_LISTED.ordinal()])
                .isEqualTo(10_000);
    }
}
