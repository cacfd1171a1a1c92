package dev.postern.policy.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found: all of it, once, in order, and no more than a person can read. */
class FindingsTest {

    private final Findings findings = new Findings();

    private static Position at(String file, int line, int column) {
        return new Position(file, line, column);
    }

    private List<String> sorted() {
        return findings.sorted().stream().map(Problem::toString).toList();
    }

    @Test
    void theyStandByFileThenByLineThenByColumn() {
        // Given
        findings.warning(at("b", 1, 1), "five");
        findings.error(at("a", 10, 2), "four");
        findings.warning(at("a", 10, 1), "three");
        findings.warning(at("a", 9, 2), "two");
        findings.error(at("a", 2, 7), "one");
        // Then
        assertThat(sorted())
                .containsExactly(
                        "a:2:7: error: one",
                        "a:9:2: warning: two",
                        "a:10:1: warning: three",
                        "a:10:2: error: four",
                        "b:1:1: warning: five");
    }

    @Test
    void theSameWarningIsSaidOnce() {
        // When
        findings.warning(at("a", 1, 1), "x");
        findings.warning(at("a", 1, 1), "x");
        findings.warning(at("a", 1, 2), "x");
        // Then
        assertThat(sorted()).containsExactly("a:1:1: warning: x", "a:1:2: warning: x");
    }

    @Test
    void aThousandOfAKindAreSaid() {
        // When
        for (int i = 1; i <= 1_000; i++) {
            findings.warning(at("a", i, 1), "x");
            findings.error(at("a", i, 2), "y");
        }
        // Then
        assertThat(sorted()).hasSize(2_000).noneMatch(line -> line.contains(" more "));
    }

    @Test
    void theRestIsCounted() {
        // When
        for (int i = 1; i <= 1_002; i++) {
            findings.warning(at("a", i, 1), "x");
            findings.error(at("a", i, 2), "y");
        }
        findings.error(at("a", 1_003, 2), "y");
        // Then: where the last was found
        assertThat(sorted())
                .hasSize(2_002)
                .endsWith(
                        "a:1000:2: error: y",
                        "a:1003:2: error: and 3 more errors",
                        "a:1003:2: warning: and 2 more warnings");
        assertThat(findings.hasErrors()).isTrue();
    }

    @Test
    void warningsAloneStopNothing() {
        // When
        findings.warning(at("a", 1, 1), "x");
        // Then
        assertThat(findings.hasErrors()).isFalse();
    }

    @Test
    void aTextIsShownUpToEightyCharacters() {
        assertThat(Findings.shown("x".repeat(80))).isEqualTo("'" + "x".repeat(80) + "'");
        assertThat(Findings.shown("x".repeat(81))).isEqualTo("'" + "x".repeat(80) + "…'");
    }
}
