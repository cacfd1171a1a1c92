package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.IBM_CBR;
import static dev.postern.policy.importing.ImportedPolicy.ACCOUNT;
import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the import of IBM Cloud's restrictions says: all that is another thing here than there, and nothing else. */
class IbmCbrWarningsTest {

    private static final String VPC = "crn:v1:bluemix:public:is:us-south:a/1::vpc:r006-1";
    private static final String OFFICE = """
            {"id": "1", "name": "office", "addresses": [{"type": "subnet", "value": "203.0.113.0/24"}]}
            """;
    private static final String WORKERS = """
            {"id": "2", "name": "workers", "addresses": [{"type": "subnet", "value": "10.8.0.0/24"}]}
            """;
    private static final String CLOUD = """
            {"id": "3", "name": "cloud", "addresses": [{"type": "vpc", "value": "%s"}]}
            """.formatted(VPC);

    private static ImportedPolicy imported(ImportOptions options, String... texts) {
        return ImportedPolicy.ofText(IBM_CBR, options, texts);
    }

    private static ImportOptions byVpc(String vpc, String endpoint) {
        return new ImportOptions(ACCOUNT, List.of(), List.of(), Map.of(vpc, endpoint), Optional.empty(), false);
    }

    // Contexts

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "networkZoneId=1 mfa=LEVEL2 | 1:71 | a context with the condition 'mfa', which cannot be said; the context is left out",
                "networkZoneId=9 | 1:31 | the zone '9' is in none of the inputs; left out",
                "networkZoneId=1 endpointType=pigeon | 1:15 | an endpoint of type 'pigeon'; left out",
                "- | 1:15 | a context without attributes; left out",
            })
    void aContextThatCannotBeSaidIsLeftOut(String attributes, String place, String warning) {
        // When
        ImportedPolicy imported = imported(options("vpc"), rule("enabled", context(attributes)), OFFICE);
        // Then
        assertThat(imported.warnings()).containsExactly("input:" + place + ": warning: " + warning);
        assertThat(imported.admits("203.0.113.10")).isFalse();
    }

    @Test
    void anEndpointTypeThatIsNotKnownTakesNothingFromThoseThatAre() {
        // When
        ImportedPolicy imported = imported(
                options("vpc"), rule("enabled", context("networkZoneId=1 endpointType=pigeon,public")), OFFICE);
        // Then
        assertThat(imported.warnings()).containsExactly("input:1:15: warning: an endpoint of type 'pigeon'; left out");
        assertThat(imported.admits("203.0.113.10")).isTrue();
        assertThat(imported.admits("vpc!203.0.113.10")).isFalse();
    }

    @Test
    void aPrivateContextWithoutANamedEndpointIsLeftOutWithItsZone() {
        // When
        ImportedPolicy imported = imported(
                options(),
                rule(
                        "enabled",
                        context("networkZoneId=1 endpointType=public"),
                        context("networkZoneId=2 endpointType=private")),
                OFFICE,
                WORKERS);
        // Then
        String what = "its private side: name your endpoint with --private-endpoint to have it";
        assertThat(imported.warnings())
                .containsExactly(
                        "input:1:117: warning: a context of the rule 'a rule' (zone workers) is left out: " + what);
        assertThat(imported.yaml())
                .contains("# left out: a context of a rule (zone workers), input:1:117: " + what + "\n");
    }

    @Test
    void whoeverComesByAPrivateEndpointIsLeftOutWhereNoneIsNamed() {
        // When
        ImportedPolicy imported = imported(options(), rule("enabled", context("endpointType=private")));
        // Then: no zone, so none is named
        assertThat(imported.warnings())
                .containsExactly("input:1:15: warning: a context of the rule 'a rule' is left out: whoever comes over a"
                        + " private endpoint: name yours with --private-endpoint");
        assertThat(imported.admits("vpc:166.9.0.1")).isFalse();
    }

    @Test
    void addressesOverPrivateEndpointsAreLeftOutWhereNoneIsNamed() {
        // When: the first context is for both sides, the second for the private one only
        ImportedPolicy imported = imported(
                options(),
                rule("enabled", context("networkZoneId=1"), context("networkZoneId=2 endpointType=private")),
                OFFICE,
                WORKERS);
        // Then
        assertThat(imported.warnings())
                .containsExactly("input:1:73: warning: a context of the rule 'a rule' (zone workers) is left out:"
                        + " addresses over private endpoints: name yours with --private-endpoint");
        assertThat(imported.admits("203.0.113.10")).isTrue();
        assertThat(imported.admits("10.8.0.5")).isFalse();
    }

    @Test
    void addressesOverPrivateEndpointsAreRulesForAddressesWhereNothingIsPublic() {
        // When
        ImportedPolicy imported =
                imported(options(), rule("enabled", context("networkZoneId=2 endpointType=private")), WORKERS);
        // Then
        assertThat(imported.warnings()).isEmpty();
        assertThat(imported.admits("vpc:10.8.0.5")).isTrue();
        assertThat(imported.admits("vpc:10.9.0.5")).isFalse();
        assertThat(imported.admits("10.8.0.5")).isFalse();
    }

    // VPCs

    @ParameterizedTest
    @CsvSource({
        "r006-1, true",
        "crn:v1:bluemix:public:is:us-south:a/1::vpc:r006-1, true",
        "r006-2, false",
        "6-1, false",
        "crn:v1:bluemix:public:is:us-south:a/2::vpc:r006-1, false",
    })
    void aVpcIsTheEndpointThatIsNamedForIt(String named, boolean isIt) {
        // When
        ImportedPolicy imported = imported(
                byVpc(named, "build"), rule("enabled", context("networkZoneId=3 endpointType=private")), CLOUD);
        // Then
        assertThat(imported.admits("build:166.9.0.1")).isEqualTo(isIt);
        assertThat(imported.warnings())
                .isEqualTo(
                        isIt
                                ? List.of()
                                : List.of(
                                        "input:1:15: warning: a context of the rule 'a rule' (zone cloud) is left out: the"
                                                + " VPC " + VPC
                                                + ": name the endpoint by which it comes, --private-endpoint"
                                                + " VPC=NAME"));
    }

    @Test
    void aVpcOverPublicEndpointsIsLeftOut() {
        // When
        ImportedPolicy imported = imported(
                byVpc("r006-1", "build"),
                rule("enabled", context("networkZoneId=1,3 endpointType=public")),
                OFFICE,
                CLOUD);
        // Then
        assertThat(imported.warnings())
                .containsExactly(
                        "input:1:15: warning: a context of the rule 'a rule' (zone office, cloud) is left out: the"
                                + " VPC " + VPC + " over public endpoints: list the addresses of its gateways");
        assertThat(imported.admits("203.0.113.10")).isTrue();
        assertThat(imported.admits("build:166.9.0.1")).isFalse();
    }

    @Test
    void aVpcOverBothKindsOfEndpointsIsItsEndpoint() {
        // When
        ImportedPolicy imported =
                imported(byVpc("r006-1", "build"), rule("enabled", context("networkZoneId=1,3")), OFFICE, CLOUD);
        // Then
        assertThat(imported.warnings()).isEmpty();
        assertThat(imported.admits("build:166.9.0.1")).isTrue();
    }

    @Test
    void aVpcOfWhichAddressesAreExcludedIsLeftOut() {
        // Given
        String cut = CLOUD.replace("}]}", "}], \"excluded\": [{\"type\": \"ipAddress\", \"value\": \"10.1.0.4\"}]}");
        // When
        ImportedPolicy imported = imported(
                byVpc("r006-1", "build"), rule("enabled", context("networkZoneId=3 endpointType=private")), cut);
        // Then
        assertThat(imported.warnings())
                .containsExactly(
                        "input:1:15: warning: a context of the rule 'a rule' (zone cloud) is left out: the VPC " + VPC
                                + ": addresses of it are excluded, which cannot be said of an endpoint");
        assertThat(imported.admits("build:166.9.0.1")).isFalse();
    }

    @Test
    void aVpcThatTwoRulesHaveInCommonIsLeftOutBecauseAddressesMayBeMissingOfIt() {
        // When
        ImportedPolicy imported = imported(
                byVpc("r006-1", "build"),
                rule("enabled", context("networkZoneId=1,3 endpointType=private")),
                rule("enabled", context("networkZoneId=2,3 endpointType=private")),
                OFFICE,
                WORKERS,
                CLOUD);
        // Then
        assertThat(imported.warnings())
                .containsExactly("input:1:15: warning: a context of the rule 'a rule and a rule' is left out: the VPC "
                        + VPC + ": addresses of it are excluded, which cannot be said of an endpoint");
        assertThat(imported.admits("build:166.9.0.1")).isFalse();
    }

    // Several rules

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A zone in one rule, an endpoint type in the other
                "networkZoneId=1 | endpointType=public | 203.0.113.10 | true",
                "networkZoneId=1 | endpointType=public | 192.0.2.1 | false",
                "networkZoneId=1 | endpointType=public | vpc!203.0.113.10 | false",
                "endpointType=public | networkZoneId=1 | 203.0.113.10 | true",
                "endpointType=public | networkZoneId=1 | 192.0.2.1 | false",
                "endpointType=private | networkZoneId=2 | vpc!10.8.0.5 | true",
                "endpointType=private | networkZoneId=2 | vpc!10.9.0.5 | false",
                // Endpoint types in both
                "endpointType=public | endpointType=public,private | 192.0.2.1 | true",
                "endpointType=public | endpointType=public,private | vpc!10.8.0.5 | false",
                "endpointType=direct | endpointType=public,private | vpc!10.8.0.5 | true",
                "endpointType=public | endpointType=private | 192.0.2.1 | false",
                "endpointType=public | endpointType=private | vpc!10.8.0.5 | false",
                "networkZoneId=1 endpointType=public | networkZoneId=1 endpointType=private | 203.0.113.10 | false",
            })
    void whatTwoRulesHaveInCommonMeetsTheConditionsOfBoth(String one, String other, String from, boolean admitted) {
        assertThat(imported(
                                options("vpc"),
                                rule("enabled", context(one)),
                                rule("enabled", context(other)),
                                OFFICE,
                                WORKERS)
                        .admits(from))
                .isEqualTo(admitted);
    }

    @Test
    void aThirdRuleMustAdmitToo() {
        // When
        ImportedPolicy imported = imported(
                options(),
                rule("enabled", context("networkZoneId=1,2")),
                rule("enabled", context("networkZoneId=1")),
                rule("enabled", context("networkZoneId=1,2")),
                rule("enabled", context("endpointType=public,private")),
                OFFICE,
                WORKERS);
        // Then
        assertThat(imported.admits("203.0.113.10")).isTrue();
        assertThat(imported.admits("10.8.0.5")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"25, true", "26, false"})
    void whatManyRulesHaveInCommonIsBounded(int contexts, boolean taken) {
        // Given: 40 contexts in one rule
        String one = rule(
                "enabled", Collections.nCopies(40, context("networkZoneId=1")).toArray(new String[0]));
        String other = rule(
                "enabled",
                Collections.nCopies(contexts, context("networkZoneId=1")).toArray(new String[0]));
        // Then
        if (taken) {
            assertThat(imported(options(), one, other, OFFICE).admits("203.0.113.10"))
                    .isTrue();
        } else {
            assertThat(refused(IBM_CBR, options(), one, other, OFFICE))
                    .containsExactly(
                            "input:1:1: error: the rules have more than 1000 contexts in common: too many to say");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "enabled | enabled | -",
                "enabled | report | the rule 'a rule' only reports beside others that do more; left out",
                "enabled | disabled | the rule 'a rule' is disabled beside others that do more; left out",
                "report | disabled | the rule 'a rule' is disabled beside others that do more; left out"
                        + "; no rule is enforced there, hence 'enforcement: report': nobody is refused",
                "report | report | no rule is enforced there, hence 'enforcement: report': nobody is refused",
                "disabled | disabled | no rule is enforced there, hence 'enforcement: off': nobody is refused",
            })
    void rulesThatAreNotEnforcedAreSaid(String first, String second, String warnings) {
        assertThat(imported(
                                options(),
                                rule(first, context("networkZoneId=1")),
                                rule(second, context("networkZoneId=1")),
                                OFFICE)
                        .warnings())
                .containsExactlyInAnyOrderElementsOf(
                        warnings == null
                                ? List.of()
                                : Arrays.stream(warnings.split("; (?=no rule)"))
                                        .map(warning -> "input:1:1: warning: " + warning)
                                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"id\": \"r1\", \"description\": \"the office\" | the office",
                "\"id\": \"r1\" | r1",
                "\"id\": \"r1\", \"description\": null | r1",
                "\"id\": \"r1\", \"description\": \" \" | a rule",
                "\"crn\": \"x\" | a rule",
            })
    void aRuleIsCalledByItsDescriptionOrById(String fields, String name) {
        // When
        ImportedPolicy imported =
                imported(options(), "{" + fields + ", \"contexts\": [" + context("networkZoneId=1") + "]}", OFFICE);
        // Then
        assertThat(imported.yaml()).containsPattern("- \\{ zone: office, note: \"?" + name + "\"? \\}  # input:");
    }

    @Test
    void aRuleForSomeOperationsIsForAll() {
        // Given
        String rule = rule("enabled", context("networkZoneId=1"))
                .replace("\"contexts\"", "\"operations\": {\"api_types\": []}, \"contexts\"");
        // Then
        assertThat(imported(options(), rule, OFFICE).warnings())
                .containsExactly(
                        "input:1:16: warning: the rule 'a rule' is for some operations only; here it is for all");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[7] | input:1:32: error: found a number; expected a resource with 'attributes'",
                "[{\"attributes\": []}] | input:1:1: error: none of the 1 rules is for the registry: nothing restricts it",
            })
    void aRuleOfWhichItIsNotKnownWhatItIsForStopsTheImport(String resources, String error) {
        assertThat(refused(IBM_CBR, options(), "{\"contexts\": [], \"resources\": " + resources + "}"))
                .filteredOn(line -> line.contains("error: "))
                .containsExactly(error);
    }

    @Test
    void aRuleForWhatHasTagsIsForTheWholeAccount() {
        // Given
        String tagged = rule("enabled", context("networkZoneId=1"))
                .replace("container-registry\"}]", "container-registry\"}], \"tags\": [{\"name\": \"a\"}]");
        // Then
        assertThat(imported(options(), tagged, OFFICE).warnings())
                .containsExactly(
                        "input:1:1: warning: the rule 'a rule' is for a part of the registry; here it is for all"
                                + " repositories of the account");
    }

    // Zones

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"subnet\", \"value\": \"203.0.113.1/24\"} | '203.0.113.1/24' has host bits set; the block meant is 203.0.113.0/24, the single address 203.0.113.1; left out | no address",
                "{\"type\": \"ipAddress\"} | an address without 'value'; left out | no address",
                "{\"type\": \"domain\", \"value\": \"a\"} | an address of type 'domain' is left out; known are ipAddress, ipRange, subnet, vpc, serviceRef | an address of type 'domain'",
                "{\"value\": \"203.0.113.1\"} | an address of type '' is left out; known are ipAddress, ipRange, subnet, vpc, serviceRef | an address of type ''",
                "{\"type\": \"serviceRef\", \"ref\": {}} | the service reference is left out: the addresses of a service are not in the zone; give the service an identity, or list its addresses | a service reference",
            })
    void anAddressThatCannotBeSaidIsLeftOutOfItsZone(String address, String warning, String remark) {
        // Given
        String zone = OFFICE.replace("[{", "[" + address + ", {").replace("203.0.113.0/24", "198.51.100.0/24");
        // When
        ImportedPolicy imported = imported(options(), zone, rule("enabled", context("networkZoneId=1")));
        // Then
        assertThat(imported.warnings()).containsExactly("input:1:45: warning: " + warning);
        assertThat(imported.yaml()).contains("  # left out: " + remark + ", input:1:45\n  office:\n");
        assertThat(imported.admits("203.0.113.1")).isFalse();
        assertThat(imported.admits("198.51.100.1")).isTrue();
    }

    @Test
    void zonesOfTheSameNameAreToldApart() {
        // Given
        String second = WORKERS.replace("\"workers\"", "\"office\"");
        String third = OFFICE.replace("\"1\"", "\"4\"").replace("203.0.113.0/24", "198.51.100.0/24");
        // When
        ImportedPolicy imported =
                imported(options(), rule("enabled", context("networkZoneId=1,2,4")), OFFICE, second, third);
        // Then
        assertThat(imported.yaml())
                .contains("\n  office:\n", "\n  office-2:\n", "\n  office-3:\n")
                .contains("{ zone: office, ", "{ zone: office-2, ", "{ zone: office-3, ");
        assertThat(imported.admits("203.0.113.1")).isTrue();
        assertThat(imported.admits("10.8.0.1")).isTrue();
        assertThat(imported.admits("198.51.100.1")).isTrue();
    }

    @Test
    void aZoneThatNoRuleNamesOrThatHasNoAddressesIsNotWritten() {
        assertThat(imported(
                                byVpc("r006-1", "build"),
                                rule("enabled", context("networkZoneId=1,3")),
                                OFFICE,
                                WORKERS,
                                CLOUD)
                        .yaml())
                .contains("office:")
                .doesNotContain("workers", "cloud:");
        assertThat(imported(options(), OFFICE, CLOUD).yaml())
                .contains("office:")
                .doesNotContain("cloud:");
    }

    private static String rule(String mode, String... contexts) {
        return """
                {"contexts": [%s], "description": "a rule", "enforcement_mode": "%s",
                 "resources": [{"attributes": [{"name": "serviceName", "value": "container-registry"}]}]}
                """.formatted(String.join(",", contexts), mode);
    }

    /** {@code networkZoneId=1 endpointType=public} as a context; a hyphen for one without attributes. */
    private static String context(String attributes) {
        if (attributes.equals("-")) {
            return "{\"attributes\": []}";
        }
        List<String> each = Arrays.stream(attributes.split(" "))
                .map(attribute -> attribute.split("="))
                .map(parts -> "{\"name\": \"" + parts[0] + "\", \"value\": \"" + parts[1] + "\"}")
                .toList();
        return "{\"attributes\": [" + String.join(",", each) + "]}";
    }
}
