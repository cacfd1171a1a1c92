package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.GITHUB_ALLOW_LIST;
import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the import of a GitHub allow list says: all that is another thing here than there, and nothing else. */
class GithubAllowListWarningsTest {

    private static final String ENTRY = "{\"allowListValue\": \"203.0.113.7\", \"isActive\": true}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "ENABLED | -",
                "DISABLED | the list is not enabled there, hence 'enforcement: off': nobody is refused",
                "NO_POLICY | ipAllowListEnabledSetting is 'NO_POLICY'; the list is enforced here",
            })
    void aListThatIsNotSimplyEnabledIsSaid(String setting, String warning) {
        assertThat(ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), answer(setting, ""))
                        .warnings())
                .isEqualTo(warning == null ? List.of() : List.of("input:1:57: warning: " + warning));
    }

    @Test
    void aListThatDoesNotSayWhetherItIsEnabledIsEnforced() {
        assertThat(ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), "[" + ENTRY + "]")
                        .warnings())
                .containsExactly("input:1:1: warning: no 'ipAllowListEnabledSetting': the list is enforced here,"
                        + " whether it is there or not");
    }

    @ParameterizedTest
    @CsvSource({
        "DISABLED, ENABLED, false",
        "ENABLED, DISABLED, false",
        "ENABLED, ENABLED, false",
        "DISABLED, NO_POLICY, false",
        "DISABLED, DISABLED, true",
    })
    void ofTwoAnswersThatDifferTheStricterCounts(String first, String second, boolean admitted) {
        assertThat(ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), answer(first, ""), answer(second, ""))
                        .admits("192.0.2.9"))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({"ENABLED, true", "DISABLED, false"})
    void theListsOfInstalledAppsCountThereAndAreNotHere(String apps, boolean said) {
        // Given
        String setting = ", \"ipAllowListForInstalledAppsEnabledSetting\": \"" + apps + "\"";
        // Then
        assertThat(ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), answer("ENABLED", setting))
                        .warnings())
                .isEqualTo(
                        said
                                ? List.of(
                                        "input:1:113: warning: the allow lists of installed GitHub Apps count there and are"
                                                + " not here; left out")
                                : List.of());
    }

    @Test
    void anEntryThatIsNoAddressIsLeftOutAndStaysAsAComment() {
        // Given
        String entries = """
                [{"allowListValue": "203.0.113.7/24", "isActive": true, "name": " "},
                 {"allowListValue": "example.com", "isActive": true, "name": "the site"}]
                """;
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options("vpc"), entries);
        // Then
        assertThat(imported.admits("203.0.113.7")).isFalse();
        assertThat(imported.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("input:1:21: warning: '203.0.113.7/24' has host bits set")
                        .endsWith("; left out"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("input:2:21: warning: 'example.com' ")
                        .endsWith("; left out"))
                .hasSize(3);
        assertThat(imported.yaml())
                .contains(
                        "# left out: no address: 203.0.113.7/24, input:1:2\n",
                        "# left out: no address: example.com (the site), input:2:2\n");
    }

    @Test
    void aBlankNameIsNoNote() {
        assertThat(ImportedPolicy.ofText(
                                GITHUB_ALLOW_LIST,
                                options(),
                                "[{\"allowListValue\": \"203.0.113.7\", \"isActive\": true, \"name\": \" \"}]")
                        .yaml())
                .contains("- { address: 203.0.113.7 }  # input:1:2\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"ipAllowListEntries\": {\"edges\": [7]}} | 1:35 | found a number; expected an edge with a 'node'",
                "{\"ipAllowListEntries\": {\"nodes\": [null]}} | 1:35 | found nothing; expected an entry with 'allowListValue'",
                "{\"ipAllowListEntries\": {\"nodes\": [[]]}} | 1:35 | found a list; expected an entry with 'allowListValue'",
                "{\"ipAllowListEntries\": {\"nodes\": [{\"isActive\": true}]}} | 1:35 | an entry without 'allowListValue'",
                "{\"errors\": [{}], \"ipAllowListEntries\": {}} | 1:13 | the answer has errors: what it does not say may be missing from it",
                "7 | 1:1 | found a number; expected GraphQL's answer with 'ipAllowListEntries', or an array of entries with 'allowListValue' and 'isActive'",
                "{} | 1:1 | no 'ipAllowListEntries'; expected GraphQL's answer with 'ipAllowListEntries', or an array of entries with 'allowListValue' and 'isActive'",
            })
    void whatIsNoListStopsTheImport(String text, String place, String error) {
        assertThat(refused(GITHUB_ALLOW_LIST, options(), text))
                .filteredOn(line -> line.contains("error: "))
                .containsExactly("input:" + place + ": error: " + error);
    }

    private static String answer(String setting, String more) {
        return "{\"data\": {\"organization\": {\"ipAllowListEnabledSetting\": \"" + setting + "\"" + more
                + ", \"ipAllowListEntries\": {\"nodes\": [" + ENTRY + "]}}}}";
    }
}
