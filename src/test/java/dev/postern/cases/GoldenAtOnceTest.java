package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The golden table in one test, which remembers nothing: for mutation testing, where a test for each row is a start of the
 * test platform for each, and a policy that is kept from row to row would be that of another mutant.
 */
class GoldenAtOnceTest {

    @Test
    void the_engine_decides_all_rows_as_they_say() {
        for (CaseFile file : GoldenTable.files()) {
            // Given
            Engine engine = new Engine(file);
            // Then
            assertThat(file.rows())
                    .isNotEmpty()
                    .allSatisfy(row -> engine.run(row.golden()).assertIsExpectedOf(row));
        }
    }
}
