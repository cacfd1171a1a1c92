package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.audit.RuleUse;
import dev.postern.policy.Position;
import dev.postern.policy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnusedRulesReportTest {

    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration MONTH = Duration.ofDays(30);

    @Test
    void nothing_is_said_where_all_are_used() {
        assertThat(RuleUseService.report(List.of(), MONTH)).isEmpty();
    }

    @Test
    void a_rule_is_named_with_its_place_and_its_last_use() {
        assertThat(RuleUseService.report(
                        List.of(entry(7, true, Optional.of(START)), entry(8, false, Optional.empty())), MONTH))
                .hasValue("""
                        2 network rules have not been used for 30 days or longer (postern.rules.unused-after):
                          policy.yaml:7:11: account acme denies address 203.0.113.0/24, used last at 2026-06-01T12:00:00Z
                          policy.yaml:8:11: account acme allows address 203.0.113.0/24, not once since 2026-06-01T12:00:00Z""");
    }

    @Test
    void of_many_the_first_are_named_and_the_others_counted() {
        // When
        String text = RuleUseService.report(
                        IntStream.range(0, 25)
                                .mapToObj(i -> entry(i, false, Optional.empty()))
                                .toList(),
                        MONTH)
                .orElseThrow();
        // Then
        assertThat(text).startsWith("25 network rules have").endsWith("  and 5 more");
        assertThat(text.lines()).hasSize(22);
    }

    private static RuleUse.Entry entry(int line, boolean denies, Optional<Instant> lastUse) {
        Rule rule = new Rule(
                new Rule.AddressMatcher(((AddressRange.Parsed) AddressRange.parse("203.0.113.0/24")).range()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Rule.Enforcement.ENFORCE,
                new Position("policy.yaml", line, 11));
        return new RuleUse.Entry("account acme", Optional.of("acme"), denies, rule, 0, 0, START, lastUse);
    }
}
