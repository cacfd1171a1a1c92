package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cases.CaseFile.Row;
import dev.postern.cases.CaseFile.Settings;
import dev.postern.cases.CaseFile.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The golden table is what it claims to be: long enough, no shorter where it refuses, and run in full over HTTP. */
class GoldenTableTest {

    private static final int LEAST = 600;

    @Test
    void it_has_enough_cases() {
        // When
        List<Row> rows = GoldenTable.rows().toList();

        // Then
        assertThat(rows).hasSizeGreaterThanOrEqualTo(LEAST);
    }

    @Test
    void the_refusing_half_is_as_long_as_the_admitting_one() {
        // Given
        List<Row> rows = GoldenTable.rows().toList();

        // When
        long admitting = rows.stream()
                .filter(row -> row.golden().expected().verdict() == Verdict.GRANTED)
                .count();

        // Then
        assertThat(rows.size() - admitting).as("refusing and unknown").isGreaterThanOrEqualTo(admitting);
    }

    @Test
    void every_file_is_run_over_http() {
        // Given
        Set<Settings> served = Set.of(
                GoldenHttpTest.Server.FILE.settings(),
                GoldenHttpWithoutProxiesTest.Server.FILE.settings(),
                GoldenHttpWithIssuersTest.Server.FILE.settings());

        // When
        List<CaseFile> files = GoldenTable.files().stream()
                .filter(file -> file.cases().stream().anyMatch(CaseFile.GoldenCase::overHttp))
                .toList();

        // Then
        assertThat(files).allSatisfy(file -> assertThat(file.settings()).isIn(served));
    }

    @Test
    void only_private_links_are_not_run_over_http() {
        // When
        List<Row> rows =
                GoldenTable.rows().filter(row -> !row.golden().overHttp()).toList();

        // Then
        assertThat(rows)
                .hasSizeGreaterThanOrEqualTo(25)
                .allSatisfy(row -> assertThat(row.file().name()).isEqualTo("links.yaml"));
    }

    @Test
    void the_refusing_half_of_the_links_is_as_long_as_the_admitting_one() {
        // Given
        List<Row> rows = GoldenTable.file("links.yaml").rows();

        // When
        long admitting = rows.stream()
                .filter(row -> row.golden().expected().verdict() == Verdict.GRANTED)
                .count();

        // Then
        assertThat(rows.size() - admitting).as("refusing and unknown").isGreaterThanOrEqualTo(admitting);
    }

    /** Over HTTP the case's peer stands in a header, behind this address, which only there is trusted. */
    @Test
    void no_case_needs_an_address_that_is_trusted_over_http_only() {
        // When
        List<Row> rows = GoldenTable.rows().toList();

        // Then
        assertThat(rows).allSatisfy(row -> {
            String chain = String.join(
                    ",",
                    row.golden().headers().stream().map(CaseFile.Header::value).toList());
            assertThat(row.golden().peer()).isNotEqualTo(GoldenTable.OWN_ADDRESS);
            assertThat(chain.lastIndexOf(GoldenTable.OWN_ADDRESS)).isLessThanOrEqualTo(0);
        });
    }
}
