package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cases.CaseFile.Row;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden table through the engine. */
class GoldenEngineTest {

    static Stream<Row> rows() {
        return GoldenTable.rows();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void the_engine_decides(Row row) {
        // When
        Observation observed = Engine.run(row);

        // Then
        observed.assertIsExpectedOf(row);
    }

    static Stream<Row> rowsOfKnownCallers() {
        return GoldenTable.rows().filter(row -> Engine.tryOut(row).isPresent());
    }

    /** What {@code postern policy explain} and {@code postern policy test} say. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsOfKnownCallers")
    void a_trial_comes_to_the_same(Row row) {
        // When
        Observation observed = Engine.tryOut(row).orElseThrow();

        // Then
        observed.assertIsExpectedOf(row);
        assertThat(observed).isEqualTo(Engine.run(row));
    }
}
