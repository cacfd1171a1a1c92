package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditDetails;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.Events;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What there is most of, as {@code postern top} shows it. */
class LeadersTest {

    @Test
    void whatThereIsMostOfStandsFirst() {
        // Given
        Leaders leaders = new Leaders(2);
        add(leaders, "a grant", 3);
        add(leaders, "a refusal by a rule", 2);
        add(leaders, "a refusal for want of a rule", 5);
        add(leaders, "a passage by the source", 1);
        // When
        List<String> lines = leaders.lines(Events.NOW);
        // Then
        assertThat(lines.getFirst()).isEqualTo("postern top   11 decisions, 1.1 a second");
        assertThat(lines)
                .containsSubsequence(
                        "outcomes",
                        "         6  refused address-not-listed",
                        "         3  granted granted",
                        "",
                        "accounts",
                        "        10  acme",
                        "         1  anonymous",
                        "",
                        "refused sources",
                        "         6  192.0.2.50",
                        "         2  203.0.113.66",
                        "",
                        "the last refusals");
        assertThat(lines.stream().filter(line -> line.startsWith("  2026-"))).hasSize(2);
    }

    @Test
    void whatIsLongAgoIsNotCountedAsNow() {
        // Given
        Leaders leaders = new Leaders(2);
        add(leaders, "a grant", 3);
        // Then
        assertThat(leaders.lines(Events.NOW.plusSeconds(60)).getFirst()).endsWith("3 decisions, 0.0 a second");
    }

    @Test
    void noNumberOfSourcesIsTooLarge() {
        // Given
        Leaders leaders = new Leaders(1);
        add(leaders, "a refusal for want of a rule", 2);
        // When
        for (int i = 0; i < 12_000; i++) {
            String line = line("a refusal by a rule")
                    .replace("203.0.113.66", "198." + (18 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256);
            leaders.add(AuditDetails.read(line).orElseThrow());
        }
        // Then: the one that is seen again and again stays
        assertThat(leaders.lines(Events.NOW)).contains("         2  192.0.2.50");
    }

    private static void add(Leaders leaders, String name, int times) {
        for (int i = 0; i < times; i++) {
            leaders.add(AuditDetails.read(line(name)).orElseThrow());
        }
    }

    private static String line(String name) {
        Optional<AuditEvent> event = Optional.ofNullable(Events.all().get(name));
        return AuditJson.write(event.orElseThrow());
    }
}
