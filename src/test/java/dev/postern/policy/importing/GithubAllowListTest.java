package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.GITHUB_ALLOW_LIST;
import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GitHub: an entry counts where it is active, and the list where it is enabled. */
class GithubAllowListTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, true",
        "198.51.100.20, true",
        "2001:db8:1::7, true",
        "203.0.114.10, false",
        "198.51.100.21, false",
        "2001:db8:2::7, false",
        "192.0.2.10, false",
        "vpc:166.9.0.1, false",
    })
    void whoIsAdmittedThereIsAdmittedHere(String from, boolean admitted) {
        assertThat(ImportedPolicy.of(GITHUB_ALLOW_LIST, options(), "github-allow-list.json")
                        .admits(from))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.10 | granted | allowed by address 203.0.113.0/24 [- { address: 203.0.113.0/24, note: Office }  # github-allow-list.json:9:11]",
                "2001:db8:1::7 | granted | allowed by address 2001:db8:1::/48 [- { address: \"2001:db8:1::/48\", note: \"Office, IPv6\" }  # github-allow-list.json:10:11]",
                "198.51.100.20 | granted | allowed by address 198.51.100.20 [- { address: 198.51.100.20 }  # github-allow-list.json:11:11]",
                // An entry that is not active; nobody's; and there are no private endpoints there
                "192.0.2.10 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
                "198.51.100.19 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
                "vpc:203.0.114.10 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
            })
    void theExplanationNamesTheLineThatWasMadeOfTheEntry(String from, String decision, String explanation) {
        // Given
        ImportedPolicy imported = ImportedPolicy.of(GITHUB_ALLOW_LIST, options(), "github-allow-list.json");
        // Then
        assertThat(imported.admits(from)).isEqualTo(decision.equals("granted"));
        assertThat(imported.explained("bot", from)).isEqualTo("account acme: " + explanation);
    }

    @Test
    void anInactiveEntryStaysAsAComment() {
        // When
        ImportedPolicy imported = ImportedPolicy.of(GITHUB_ALLOW_LIST, options(), "github-allow-list.json");
        // Then
        assertThat(imported.warnings()).isEmpty();
        assertThat(imported.yaml())
                .contains(
                        "- { address: 203.0.113.0/24, note: Office }  # github-allow-list.json:9:11",
                        "- { address: \"2001:db8:1::/48\", note: \"Office, IPv6\" }",
                        "# left out: inactive: 192.0.2.0/24 (the contractor's of last year)");
    }

    @ParameterizedTest
    @CsvSource({
        "ENABLED, 192.0.2.9, false",
        "DISABLED, 192.0.2.9, true",
        "NO_POLICY, 192.0.2.9, false",
        "ENABLED, 203.0.113.7, true",
        "DISABLED, 203.0.113.7, true",
        "disabled, 192.0.2.9, false",
    })
    void theListIsEnforcedUnlessItIsDisabled(String setting, String from, boolean admitted) {
        // Given
        String answer = """
                {"data": {"enterprise": {"ownerInfo": {"ipAllowListEnabledSetting": "%s", "ipAllowListEntries":
                  {"edges": [{"node": {"allowListValue": "203.0.113.7", "isActive": true}}]}}}}}
                """.formatted(setting);
        // Then
        assertThat(ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), answer).admits(from))
                .isEqualTo(admitted);
    }

    @Test
    void thePagesOfAnAnswerAreOneList() {
        // Given: what 'gh api graphql --paginate' prints
        String pages = page("203.0.113.7", true) + "\n" + page("203.0.113.9", false);
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), pages);
        // Then
        assertThat(imported.admits("203.0.113.7")).isTrue();
        assertThat(imported.admits("203.0.113.9")).isTrue();
        assertThat(imported.admits("203.0.113.8")).isFalse();
        assertThat(imported.warnings()).isEmpty();
    }

    @Test
    void aPageThatIsMissingIsSaid() {
        assertThat(ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), page("203.0.113.7", true))
                        .warnings())
                .anyMatch(warning -> warning.contains("another page"));
    }

    private static String page(String address, boolean more) {
        return """
                {"data": {"organization": {"ipAllowListEnabledSetting": "ENABLED", "ipAllowListEntries": {
                  "nodes": [{"allowListValue": "%s", "isActive": true, "name": "x"}],
                  "pageInfo": {"hasNextPage": %s}}}}}
                """.formatted(address, more);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, true",
        "vpc:166.9.0.1, true",
        "203.0.113.8, false",
        "203.0.113.9, false",
        "other:166.9.0.1, false",
    })
    void anArrayOfEntriesIsAListThatIsEnforced(String from, boolean admitted) {
        // Given: the second is not active, the third does not say
        String array = """
                [{"allowListValue": "203.0.113.7", "isActive": true, "name": "one"},
                 {"allowListValue": "203.0.113.8", "isActive": false},
                 {"allowListValue": "203.0.113.9"}]
                """;
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options("vpc"), array);
        // Then
        assertThat(imported.admits(from)).isEqualTo(admitted);
        assertThat(imported.warnings())
                .anyMatch(warning -> warning.contains("no 'ipAllowListEnabledSetting'"))
                .anyMatch(warning -> warning.startsWith("input:3:2: warning: an entry without 'isActive'"));
    }

    @Test
    void aListWithoutActiveEntriesAdmitsNobody() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(GITHUB_ALLOW_LIST, options(), "[]");
        // Then
        assertThat(imported.admits("203.0.113.7")).isFalse();
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("nobody is admitted"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\": null}",
                "{\"data\": {\"organization\": null}, \"errors\": [{\"message\": \"not yours\"}]}",
                "{\"data\": {\"organization\": {\"ipAllowListEnabledSetting\": \"DISABLED\"}}}",
                "[{\"isActive\": true}]",
                "[{\"allowListValue\": 7, \"isActive\": true}]",
                "[{\"allowListValue\": \"192.0.2.1\", \"isActive\": \"true\"}]",
                "[\"192.0.2.1\"]",
                "\"192.0.2.1\"",
            })
    void whatIsNoAnswerIsRefused(String text) {
        assertThat(refused(GITHUB_ALLOW_LIST, options(), text)).anyMatch(line -> line.contains("error: "));
    }
}
