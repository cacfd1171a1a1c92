package dev.postern.cases;

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
}
