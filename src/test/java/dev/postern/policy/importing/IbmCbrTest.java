package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.IBM_CBR;
import static dev.postern.policy.importing.ImportedPolicy.ACCOUNT;
import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IBM Cloud: a rule admits where one of its contexts does, and every rule that applies must admit. */
class IbmCbrTest {

    private static final String VPC = "r006-746aefab-fb68-4aea-bd9f-6ad069a72288";

    private static final String OFFICE = """
            {"id": "1", "name": "office", "addresses": [{"type": "subnet", "value": "203.0.113.0/24"}],
             "excluded": [{"type": "ipAddress", "value": "203.0.113.66"}]}
            """;
    private static final String WORKERS = """
            {"id": "2", "name": "workers", "addresses": [{"type": "subnet", "value": "10.8.0.0/24"}]}
            """;
    private static final String HALF = """
            {"id": "3", "name": "half", "addresses": [{"type": "ipRange", "value": "203.0.113.0-203.0.113.127"}]}
            """;

    // The sample

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, true",
        "198.51.100.7, true",
        "198.51.100.30, true",
        "2001:db8:1::7, true",
        // By a link from within the zone, which says so; by the endpoint of the VPC; as an address of the office.
        "vpc!10.8.0.5, true",
        "build:166.9.0.1, true",
        "vpc:203.0.113.10, true",
        "203.0.113.66, false",
        "198.51.100.6, false",
        "198.51.100.31, false",
        "2001:db8:1::8, false",
        "10.8.0.5, false",
        "192.0.2.5, false",
        "vpc!10.9.0.5, false",
        "vpc:166.9.0.1, false",
        "other!10.8.0.5, false",
    })
    void whoIsAdmittedThereIsAdmittedHere(String from, boolean admitted) {
        // Given
        ImportOptions options =
                new ImportOptions(ACCOUNT, List.of(), List.of("vpc"), Map.of(VPC, "build"), Optional.empty(), false);
        // Then
        assertThat(ImportedPolicy.of(IBM_CBR, options, "cbr-zones.json", "cbr-rules.json")
                        .admits(from))
                .isEqualTo(admitted);
    }

    private static final String NOTE = "note: \"images from the office and the build VPC\" }  # cbr-rules.json:";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The first context: a zone, over whichever endpoint
                "203.0.113.10 | granted | allowed by zone Office-network [- { zone: Office-network, NOTE9:9]",
                "vpc!203.0.113.10 | granted | allowed by originator 203.0.113.0-203.0.113.65 via vpc [- { originator: 203.0.113.0-203.0.113.65, via: vpc, NOTE9:9]",
                "203.0.113.66 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
                "vpc!203.0.113.66 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
                // The second: another zone, over private endpoints only, by address or as a VPC
                "vpc!10.8.0.5 | granted | allowed by originator 10.8.0.0/24 via vpc [- { originator: 10.8.0.0/24, via: vpc, NOTE14:9]",
                "build:166.9.0.1 | granted | allowed by private-endpoint build [- { private-endpoint: build, NOTE14:9]",
                "10.8.0.5 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
                // A rule in report mode beside one that is enforced, and a rule for another service
                "192.0.2.5 | refused | no rule allows it, and the default is deny [enforcement: enforce]",
            })
    void theExplanationNamesTheLineThatWasMadeOfTheContext(String from, String decision, String explanation) {
        // Given
        ImportOptions options =
                new ImportOptions(ACCOUNT, List.of(), List.of("vpc"), Map.of(VPC, "build"), Optional.empty(), false);
        ImportedPolicy imported = ImportedPolicy.of(IBM_CBR, options, "cbr-zones.json", "cbr-rules.json");
        // Then
        assertThat(imported.admits(from)).isEqualTo(decision.equals("granted"));
        assertThat(imported.explained("bot", from)).isEqualTo("account acme: " + explanation.replace("NOTE", NOTE));
    }

    @ParameterizedTest
    @CsvSource({
        "enabled, false, no rule allows it, [enforcement: enforce]",
        "report, true, no rule allows it, [enforcement: report]",
        "disabled, true, enforcement is off, [enforcement: \"off\"]",
    })
    void theEnforcementModeOfARuleIsThatOfTheAccount(String mode, boolean admitted, String finding, String line) {
        // When
        ImportedPolicy imported =
                ImportedPolicy.ofText(IBM_CBR, options(), OFFICE, rule(mode, context("networkZoneId=1")));
        // Then
        assertThat(imported.admits("192.0.2.5")).isEqualTo(admitted);
        assertThat(imported.explained("bot", "192.0.2.5")).contains(finding).endsWith(line);
    }

    @Test
    void whatIsLeftOutIsNamedWithItsPlace() {
        // When
        ImportedPolicy imported = ImportedPolicy.of(IBM_CBR, options("vpc"), "cbr-zones.json", "cbr-rules.json");
        // Then
        assertThat(imported.warnings())
                .hasSize(4)
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("cbr-zones.json:31:7: warning: the service reference to 'containers-kubernetes'"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("cbr-rules.json:14:9: warning: ")
                        .contains("the VPC crn:v1"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("cbr-rules.json:30:5: warning: ")
                        .contains("'partners, being tried' only reports"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("cbr-rules.json:46:5: warning: ")
                        .contains("for the service 'cloud-object-storage'"));
        assertThat(imported.yaml())
                .contains(
                        "  # 'Office network', zone 9adc34f2867a43452a517b3c2de78b95, cbr-zones.json:2:3\n  Office-network:")
                .contains("- { zone: Office-network, note: \"images from the office and the build VPC\" }")
                .doesNotContain("192.0.2.0");
    }

    // Contexts

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Over public endpoints only: the private side is closed, and the zone is exact.
                "networkZoneId=1 endpointType=public | 203.0.113.10 | true",
                "networkZoneId=1 endpointType=public | vpc:203.0.113.10 | false",
                "networkZoneId=1 endpointType=public | 203.0.113.66 | false",
                "endpointType=public | 192.0.2.1 | true",
                "endpointType=public | 2001:db8::1 | true",
                "endpointType=public | vpc:166.9.0.1 | false",
                // Over private endpoints only: the public side is closed.
                "endpointType=private | vpc:166.9.0.1 | true",
                "endpointType=private | vpc!10.8.0.5 | true",
                "endpointType=private | other:166.9.0.1 | false",
                "endpointType=private | 203.0.113.10 | false",
                "endpointType=direct | vpc:166.9.0.1 | true",
                "networkZoneId=2 endpointType=private | vpc!10.8.0.5 | true",
                "networkZoneId=2 endpointType=private | vpc:10.8.0.5 | true",
                "networkZoneId=2 endpointType=private | vpc:166.9.0.1 | false",
                "networkZoneId=2 endpointType=private | 10.8.0.5 | false",
                // Several values of an attribute are alternatives, several attributes are not.
                "networkZoneId=1 networkZoneId=2 | 10.8.0.5 | true",
                "networkZoneId=1,2 | 10.8.0.5 | true",
                "networkZoneId=1,2 | 10.9.0.5 | false",
                "networkZoneId=1 endpointType=public endpointType=private | 203.0.113.10 | true",
                // What is not known admits nobody.
                "networkZoneId=9 | 203.0.113.10 | false",
                "networkZoneId=9,1 | 203.0.113.10 | true",
                "networkZoneId=1 mfa=LEVEL2 | 203.0.113.10 | false",
                "endpointType=carrier-pigeon | 203.0.113.10 | false",
                "networkZoneId=1 endpointType=carrier-pigeon | 203.0.113.10 | false",
            })
    void aContextAdmitsWhoMeetsAllItsConditions(String attributes, String from, boolean admitted) {
        assertThat(ImportedPolicy.ofText(IBM_CBR, options("vpc"), OFFICE, WORKERS, rule("enabled", context(attributes)))
                        .admits(from))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, false, true",
        "203.0.113.10, true, true",
        "vpc:166.9.0.1, false, true",
        "vpc:166.9.0.1, true, true",
        "vpc:203.0.113.10, false, true",
        "192.0.2.1, true, false",
        "10.8.0.5, true, false",
        "other:166.9.0.1, true, false",
    })
    void whatIsPublicOnlyIsTakenOverBesideWhatIsPrivateWhereNoCallerIsSeenSo(
            String from, boolean settingsKnown, boolean admittedThere) {
        // Given: the settings say under which addresses the callers of private endpoints are seen
        Optional<List<AddressRange>> seenAs =
                settingsKnown ? Optional.of(List.of(range("166.9.0.0/24"))) : Optional.empty();
        ImportOptions options = new ImportOptions(ACCOUNT, List.of(), List.of("vpc"), Map.of(), seenAs, false);
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                IBM_CBR,
                options,
                OFFICE,
                rule("enabled", context("networkZoneId=1 endpointType=public"), context("endpointType=private")));
        // Then: never more than there; and all of it where the settings are known
        boolean admitted = imported.admits(from);
        assertThat(!admitted || admittedThere).isTrue();
        assertThat(!settingsKnown || admitted == admittedThere).isTrue();
        assertThat(imported.warnings().isEmpty()).isEqualTo(settingsKnown);
    }

    @Test
    void whatIsPublicOnlyIsLeftOutWhereACallerOfAPrivateEndpointIsSeenSo() {
        // Given
        ImportOptions options = new ImportOptions(
                ACCOUNT, List.of(), List.of("vpc"), Map.of(), Optional.of(List.of(range("203.0.113.10"))), false);
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                IBM_CBR,
                options,
                OFFICE,
                WORKERS,
                rule(
                        "enabled",
                        context("networkZoneId=1 endpointType=public"),
                        context("networkZoneId=2 endpointType=private")));
        // Then
        assertThat(imported.admits("vpc:203.0.113.10")).isFalse();
        assertThat(imported.admits("203.0.113.10")).isFalse();
        assertThat(imported.admits("vpc!10.8.0.5")).isTrue();
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("it is for public endpoints only"));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, true",
        "10.8.0.5, false",
        "vpc!10.8.0.5, false",
        "vpc:166.9.0.1, false",
        "vpc:203.0.113.10, false",
    })
    void withoutANameForThePrivateEndpointThePrivateSideIsClosed(String from, boolean admitted) {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                IBM_CBR,
                options(),
                OFFICE,
                WORKERS,
                rule(
                        "enabled",
                        context("networkZoneId=1 endpointType=public"),
                        context("networkZoneId=2 endpointType=private")));
        // Then
        assertThat(imported.admits(from)).isEqualTo(admitted);
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("--private-endpoint"));
    }

    // Several rules

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, true",
        "203.0.113.127, true",
        "203.0.113.128, false",
        "203.0.113.66, false",
        "203.0.112.10, false",
        "vpc:203.0.113.10, true",
        "10.8.0.5, false",
    })
    void everyRuleMustAdmit(String from, boolean admitted) {
        assertThat(ImportedPolicy.ofText(
                                IBM_CBR,
                                options(),
                                OFFICE,
                                WORKERS,
                                HALF,
                                rule("enabled", context("networkZoneId=1,2")),
                                rule("enabled", context("networkZoneId=3")))
                        .admits(from))
                .isEqualTo(admitted);
    }

    @Test
    void rulesThatHaveNothingInCommonAdmitNobody() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                IBM_CBR,
                options("vpc"),
                OFFICE,
                WORKERS,
                rule("enabled", context("networkZoneId=1")),
                rule("enabled", context("networkZoneId=2")));
        // Then
        assertThat(imported.admits("203.0.113.10")).isFalse();
        assertThat(imported.admits("10.8.0.5")).isFalse();
        assertThat(imported.admits("vpc:166.9.0.1")).isFalse();
    }

    @Test
    void theSameRuleTwiceIsOne() {
        // Given
        String rule = rule("enabled", context("networkZoneId=1"));
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(IBM_CBR, options(), OFFICE, rule, rule);
        // Then
        assertThat(imported.yaml()).contains("zone: office");
        assertThat(imported.admits("203.0.113.10")).isTrue();
        assertThat(imported.admits("192.0.2.1")).isFalse();
    }

    // Enforcement

    @ParameterizedTest
    @CsvSource({
        "enabled, disabled, 203.0.113.10, true",
        "enabled, disabled, 10.8.0.5, false",
        "enabled, report, 10.8.0.5, false",
        "report, enabled, 203.0.113.10, false",
        "report, enabled, 10.8.0.5, true",
        "report, disabled, 192.0.2.1, true",
        "disabled, disabled, 192.0.2.1, true",
        "disabled, enabled, 203.0.113.10, false",
    })
    void whatIsNotEnforcedRestrictsNobody(String first, String second, String from, boolean admitted) {
        assertThat(ImportedPolicy.ofText(
                                IBM_CBR,
                                options(),
                                OFFICE,
                                WORKERS,
                                rule(first, context("networkZoneId=1")),
                                rule(second, context("networkZoneId=2")))
                        .admits(from))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({"enabled, enforce", "report, report", "disabled, '\"off\"'"})
    void theEnforcementIsTakenOver(String mode, String enforcement) {
        assertThat(ImportedPolicy.ofText(IBM_CBR, options(), OFFICE, rule(mode, context("networkZoneId=1")))
                        .yaml())
                .contains("enforcement: " + enforcement + "\n");
    }

    // The rest

    @Test
    void aRuleWithoutContextsAdmitsNobody() {
        assertThat(ImportedPolicy.ofText(IBM_CBR, options("vpc"), OFFICE, rule("enabled"))
                        .admits("203.0.113.10"))
                .isFalse();
    }

    @Test
    void zonesWithoutRulesAdmitNobody() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(IBM_CBR, options(), "[" + OFFICE + "," + WORKERS + "]");
        // Then
        assertThat(imported.admits("203.0.113.10")).isFalse();
        assertThat(imported.yaml()).contains("office:", "workers:");
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("nobody is admitted until"));
    }

    @Test
    void aRuleForANamespaceIsForTheWholeAccount() {
        // Given
        String narrow = rule("enabled", context("networkZoneId=1"))
                .replace(
                        "\"resources\": [{\"attributes\": [",
                        "\"resources\": [{\"attributes\": ["
                                + "{\"name\": \"resourceType\", \"value\": \"namespace\"}, {\"name\": \"resource\", \"value\": \"a\"},");
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(IBM_CBR, options(), OFFICE, narrow);
        // Then
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("for a part of the registry"));
        assertThat(imported.admits("192.0.2.1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"ipAddress\", \"value\": \"203.0.113.300\"} | cannot be excluded, and leaving it out would open it",
                "{\"type\": \"vpc\", \"value\": \"crn:v1:vpc\"} | cannot be excluded, and leaving it out would open it",
                "{\"type\": \"subnet\", \"value\": \"203.0.113.1/24\"} | has host bits set",
                "\"203.0.113.66\" | found a text; expected an address",
            })
    void whatCannotBeExcludedStopsTheImport(String excluded, String problem) {
        // Given
        String zone = OFFICE.replaceAll("\"excluded\": \\[.*]", "\"excluded\": [" + excluded + "]");
        // Then
        assertThat(refused(IBM_CBR, options(), zone, rule("enabled", context("networkZoneId=1"))))
                .anySatisfy(line -> assertThat(line).contains("error: ", problem));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7 | found a number; expected a zone",
                "{} | neither a zone nor a rule",
                "{\"contexts\": [], \"enforcement_mode\": \"off\"} | enforcement_mode is 'off'; expected enabled, disabled or report",
                "{\"contexts\": [7]} | found a number; expected a context",
                "{\"contexts\": [{\"attributes\": [{\"name\": \"networkZoneId\"}]}]} | expected an attribute with 'name' and 'value'",
                "{\"contexts\": [], \"resources\": [{\"attributes\": [{\"name\": \"serviceName\", \"value\": \"kms\"}]}]} | none of the 1 rules is for the registry",
            })
    void whatIsNotUnderstoodStopsTheImport(String text, String problem) {
        assertThat(refused(IBM_CBR, options(), text))
                .anySatisfy(line -> assertThat(line).contains("error: ", problem));
    }

    @Test
    void aSummaryOfAZoneStopsTheImport() {
        // Given: what lists of zones have, in which nothing is excluded
        String list = """
                {"count": 1, "zones": [{"id": "1", "name": "office", "address_count": 4, "excluded_count": 1,
                  "addresses_preview": [{"type": "subnet", "value": "203.0.113.0/24"}]}]}
                """;
        // Then
        assertThat(refused(IBM_CBR, options(), list, rule("enabled", context("networkZoneId=1"))))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("input:1:24: error: a zone's summary")
                        .contains("'ibmcloud cbr zone ID --output json'"));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 0", "0, 0"})
    void whatIsMissingOfTheExcludedStopsTheImport(int listed, int counted) {
        // Given
        String zone = """
                {"id": "1", "name": "office", "addresses": [], "excluded": [%s], "excluded_count": %d}
                """.formatted(
                        String.join(
                                ",",
                                java.util.Collections.nCopies(
                                        listed, "{\"type\": \"ipAddress\", \"value\": \"203.0.113.66\"}")),
                        counted);
        // Then
        if (listed == counted) {
            assertThat(ImportedPolicy.ofText(IBM_CBR, options(), zone).yaml()).isNotEmpty();
        } else {
            assertThat(refused(IBM_CBR, options(), zone)).anyMatch(line -> line.contains("'excluded_count' is not"));
        }
    }

    @Test
    void twoZonesOfOneIdStopTheImport() {
        assertThat(refused(IBM_CBR, options(), OFFICE, OFFICE)).anyMatch(line -> line.contains("stands twice"));
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }

    private static String rule(String mode, String... contexts) {
        return """
                {"id": "r", "description": "a rule", "enforcement_mode": "%s", "contexts": [%s],
                 "resources": [{"attributes": [{"name": "accountId", "value": "a"},
                   {"name": "serviceName", "value": "container-registry"}]}]}
                """.formatted(mode, String.join(",", contexts));
    }

    private static String context(String attributes) {
        StringBuilder text = new StringBuilder("{\"attributes\": [");
        for (String attribute : attributes.split(" ")) {
            String[] parts = attribute.split("=");
            text.append(text.toString().endsWith("[") ? "" : ",")
                    .append("{\"name\": \"")
                    .append(parts[0])
                    .append("\", \"value\": \"")
                    .append(parts[1])
                    .append("\"}");
        }
        return text.append("]}").toString();
    }
}
