package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.ACR_NETWORK_RULE_SET;
import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the import of an Azure Container Registry says: all that is another thing here than there, and nothing else. */
class AcrNetworkRuleSetWarningsTest {

    private static final String TRUST = "input:1:1: warning: private endpoints are not subject to IP rules:"
            + " 'private-access: trust' admits whoever comes by any private endpoint of this Postern";
    private static final String NAME_THEM = "; --private-endpoint NAME admits those that you name";

    private static List<String> warnings(String registry, String... privateEndpoints) {
        return ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options(privateEndpoints), registry)
                .warnings();
    }

    @Test
    void ofARuleSetByItselfItIsNotKnownWhetherPublicAccessIsEnabled() {
        assertThat(warnings("{\"defaultAction\": \"Deny\"}", "vpc"))
                .containsExactly("input:1:1: warning: a rule set without its registry: where its public access is"
                        + " disabled, set 'public-access: disabled'");
    }

    @Test
    void aRegistryThatDoesNotSayWhetherItIsPublicIsTakenForOneThatIs() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                ACR_NETWORK_RULE_SET,
                options("vpc"),
                "{\"networkRuleSet\": {\"defaultAction\": \"Deny\", \"ipRules\": [{\"value\": \"203.0.113.7\"}]}}");
        // Then
        assertThat(imported.admits("203.0.113.7")).isTrue();
        assertThat(imported.warnings())
                .containsExactly("input:1:1: warning: no 'publicNetworkAccess': taken for Enabled, which is what"
                        + " registries without the setting have");
    }

    @Test
    void aPublicAccessThatIsNotKnownIsTakenForDisabled() {
        assertThat(warnings(
                        "{\"publicNetworkAccess\": \"SecuredByPerimeter\", \"networkRuleSet\": {\"defaultAction\": \"Deny\"}}",
                        "vpc"))
                .containsExactly("input:1:25: warning: publicNetworkAccess is 'SecuredByPerimeter', which cannot be"
                        + " said; taken for Disabled");
    }

    @Test
    void aRuleSetWithoutADefaultActionIsTakenForOneThatDenies() {
        assertThat(warnings("{\"publicNetworkAccess\": \"Enabled\", \"networkRuleSet\": {\"ipRules\": []}}", "vpc"))
                .containsExactly("input:1:54: warning: no 'defaultAction': taken for Deny");
    }

    @ParameterizedTest
    @CsvSource({
        "Enabled, Allow, true, true",
        "Enabled, Allow, false, false",
        "Enabled, Deny, true, false",
        "Disabled, Allow, true, false",
        "Disabled, Deny, true, false",
    })
    void rulesThatRestrictNobodyAreSaid(String access, String action, boolean rules, boolean said) {
        // Given
        String registry = registry(access, action, rules ? "{\"value\": \"203.0.113.7\"}" : "");
        // Then
        assertThat(warnings(registry))
                .filteredOn(warning -> !warning.startsWith(TRUST))
                .isEqualTo(
                        said
                                ? List.of(
                                        "input:1:1: warning: the default action is Allow: the IP rules restrict nobody,"
                                                + " there and here")
                                : List.of());
    }

    @ParameterizedTest
    @CsvSource({
        // Where the rules decide, whoever comes by an endpoint passes by them, unless the endpoints are named.
        "Enabled, Deny, '', true, true",
        "Disabled, Deny, '', true, true",
        "Disabled, Allow, '', true, true",
        "Enabled, Deny, vpc, false, false",
        "Disabled, Allow, vpc, false, false",
        // Where everybody is admitted, naming them changes nothing.
        "Enabled, Allow, '', true, false",
        "Enabled, Allow, vpc, true, false",
    })
    void whoeverComesByAnyPrivateEndpointIsAdmittedAndItIsSaid(
            String access, String action, String endpoint, boolean said, boolean namingHelps) {
        // Given
        String[] endpoints = endpoint.isEmpty() ? new String[0] : new String[] {endpoint};
        // When
        ImportedPolicy imported =
                ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options(endpoints), registry(access, action, ""));
        // Then
        assertThat(imported.warnings()).isEqualTo(said ? List.of(TRUST + (namingHelps ? NAME_THEM : "")) : List.of());
        assertThat(imported.admits("other!10.0.0.4")).isEqualTo(said);
        assertThat(imported.admits("vpc!10.0.0.4")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"None, false", "none, false", "AzureServices, true"})
    void trustedServicesThatPassByTheRulesThereDoNotHere(String bypass, boolean said) {
        // Given
        String registry = "{\"networkRuleBypassOptions\": \"" + bypass
                + "\", \"publicNetworkAccess\": \"Enabled\", \"networkRuleSet\": {\"defaultAction\": \"Deny\"}}";
        // Then
        assertThat(warnings(registry, "vpc"))
                .isEqualTo(
                        said
                                ? List.of(
                                        "input:1:30: warning: networkRuleBypassOptions is 'AzureServices': the cloud's"
                                                + " trusted services pass by the rules there, and do not here. Left out;"
                                                + " a service that shall pass needs an identity, and 'trusted-services' to"
                                                + " name it")
                                : List.of());
    }

    @Test
    void aConnectionThatIsNotApprovedAdmitsNobodyAndIsNamed() {
        // Given: as the REST API has it, under 'properties'
        String registry = """
                {"properties": {"publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny"},
                 "privateEndpointConnections": [
                   {"name": "one", "properties": {"privateLinkServiceConnectionState": {"status": "Rejected"}}},
                   {"properties": {}}]}}
                """;
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options("vpc"), registry);
        // Then
        assertThat(imported.admits("vpc!10.0.0.4")).isFalse();
        assertThat(imported.warnings())
                .containsExactly(
                        "input:3:4: warning: the private endpoint connection 'one' is not approved ('Rejected'); left out",
                        "input:4:4: warning: the private endpoint connection 'without a name' is not approved"
                                + " ('unknown'); left out");
    }

    @Test
    void whatIsNoConnectionStopsTheImport() {
        assertThat(refused(
                        ACR_NETWORK_RULE_SET,
                        options(),
                        "{\"publicNetworkAccess\": \"Enabled\", \"privateEndpointConnections\": [[]]}"))
                .contains("input:1:67: error: found a list; expected a private endpoint connection");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | an IP rule without 'value' or 'ipAddressOrRange'",
                "{\"value\": null, \"action\": \"Allow\"} | an IP rule without 'value' or 'ipAddressOrRange'",
                "{\"value\": \"192.0.2.1\", \"tag\": \"x\"} | an IP rule with a key that is not known, 'tag'",
                "{\"value\": \"192.0.2.1/24\"} | an IP rule: '192.0.2.1/24' has host bits set; the block meant is 192.0.2.0/24, the single address 192.0.2.1",
            })
    void aRuleThatIsLeftOutIsNamedAndStaysAsAComment(String rule, String why) {
        // When
        ImportedPolicy imported =
                ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options("vpc"), registry("Enabled", "Deny", rule));
        // Then
        assertThat(imported.admits("192.0.2.1")).isFalse();
        assertThat(imported.warnings()).containsExactly("input:2:33: warning: " + why + "; left out");
        assertThat(imported.yaml()).contains("# left out: " + why + ", input:2:33\n");
    }

    private static String registry(String access, String action, String rules) {
        return """
                {"publicNetworkAccess": "%s",
                 "networkRuleSet": {"ipRules": [%s], "defaultAction": "%s"}}
                """.formatted(access, rules, action);
    }
}
