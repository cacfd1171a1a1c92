package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.ACR_NETWORK_RULE_SET;
import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Azure Container Registry: IP rules are for the public endpoint, an approved private endpoint passes by them. */
class AcrNetworkRuleSetTest {

    @ParameterizedTest
    @CsvSource({
        // The rule set by itself: who is on the list.
        "acr-network-rule-set.json, 203.0.113.0, true",
        "acr-network-rule-set.json, 203.0.113.255, true",
        "acr-network-rule-set.json, 198.51.100.7, true",
        "acr-network-rule-set.json, 203.0.112.255, false",
        "acr-network-rule-set.json, 203.0.114.0, false",
        "acr-network-rule-set.json, 198.51.100.6, false",
        "acr-network-rule-set.json, 198.51.100.8, false",
        "acr-network-rule-set.json, 192.0.2.1, false",
        "acr-network-rule-set.json, 2001:db8::1, false",
        "acr-network-rule-set.json, vpc:166.9.0.1, true",
        // The registry: what cannot be said is closed.
        "acr-registry.json, 203.0.113.10, true",
        "acr-registry.json, vpc:166.9.0.1, true",
        "acr-registry.json, vpc!10.0.0.4, true",
        "acr-registry.json, 192.0.2.77, false",
        "acr-registry.json, 192.0.2.1, false",
        "acr-registry.json, 10.0.0.4, false",
    })
    void whoIsAdmittedThereIsAdmittedHere(String resource, String from, boolean admitted) {
        assertThat(ImportedPolicy.of(ACR_NETWORK_RULE_SET, options(), resource).admits(from))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // publicNetworkAccess decides over the rules.
                "Disabled | Deny  | Approved | 203.0.113.10   | false",
                "Disabled | Allow | Approved | 203.0.113.10   | false",
                "Disabled | Allow | Approved | vpc:166.9.0.1  | true",
                "Disabled | Deny  | Approved | vpc:166.9.0.1  | true",
                "Disabled | Deny  | Pending  | vpc:166.9.0.1  | false",
                "Disabled | Deny  | Rejected | vpc:166.9.0.1  | false",
                // What is not known is not opened.
                "SecuredByPerimeter | Allow | Approved | 203.0.113.10 | false",
                // The default action.
                "Enabled  | Deny  | Approved | 203.0.113.10   | true",
                "Enabled  | Deny  | Approved | 192.0.2.1      | false",
                "Enabled  | Allow | Approved | 192.0.2.1      | true",
                "enabled  | deny  | approved | 203.0.113.10   | true",
                "Enabled  | Deny  | Pending  | vpc:203.0.113.10 | false",
            })
    void theSettingsOfTheRegistryDecide(
            String access, String action, String connection, String from, boolean admitted) {
        // Given
        String registry = """
                {"publicNetworkAccess": "%s", "networkRuleBypassOptions": "None",
                 "networkRuleSet": {"defaultAction": "%s", "ipRules": [{"value": "203.0.113.0/24"}]},
                 "privateEndpointConnections": [
                   {"name": "one", "privateLinkServiceConnectionState": {"status": "%s"}}]}
                """.formatted(access, action, connection);
        // Then
        assertThat(ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options(), registry)
                        .admits(from))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, true",
        "vpc:166.9.0.1, true",
        "vpc!10.0.0.4, true",
        "192.0.2.1, false",
        "other:166.9.0.1, false",
        "other!10.0.0.4, false",
    })
    void namedPrivateEndpointsAreTheOnlyOnes(String from, boolean admitted) {
        assertThat(ImportedPolicy.of(ACR_NETWORK_RULE_SET, options("vpc"), "acr-registry.json")
                        .admits(from))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // ipRules, of which each stands for itself
                "203.0.113.10 | granted | allowed by address 203.0.113.0/24 [- { address: 203.0.113.0/24 }  # acr-registry.json:14:9]",
                // defaultAction Deny; what was no block there is closed
                "203.0.114.10 | refused | no rule allows it, and the default is deny [public-access: enabled]",
                "192.0.2.77 | refused | no rule allows it, and the default is deny [public-access: enabled]",
                // IP rules are not for an approved private endpoint, and another's callers are not in
                "vpc:10.1.0.4 | granted | allowed by private-endpoint vpc [- { private-endpoint: vpc }]",
                "vpc!203.0.114.10 | granted | allowed by private-endpoint vpc [- { private-endpoint: vpc }]",
                "other:10.1.0.4 | refused | no rule allows it, and the default is deny [public-access: enabled]",
            })
    void theExplanationNamesTheLineThatWasMadeOfTheRule(String from, String decision, String explanation) {
        // Given
        ImportedPolicy imported = ImportedPolicy.of(ACR_NETWORK_RULE_SET, options("vpc"), "acr-registry.json");
        // Then
        assertThat(imported.admits(from)).isEqualTo(decision.equals("granted"));
        assertThat(imported.explained("bot", from)).isEqualTo("account acme: " + explanation);
    }

    @Test
    void whatIsLeftOutIsNamedWithItsPlace() {
        // When
        ImportedPolicy imported = ImportedPolicy.of(ACR_NETWORK_RULE_SET, options(), "acr-registry.json");
        // Then
        assertThat(imported.warnings())
                .hasSize(5)
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("acr-registry.json:15:9: warning: an IP rule:")
                        .contains("the block meant is 192.0.2.0/24")
                        .endsWith("left out"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("acr-registry.json:18:9: warning: the virtual network rule")
                        .contains("subnets/agents"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("acr-registry.json:35:7: warning: the private endpoint connection 'partner.3e4f'"))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("acr-registry.json:45:33:")
                        .contains("trusted-services"))
                .anySatisfy(warning -> assertThat(warning).contains("'private-access: trust' admits"));
        assertThat(imported.yaml())
                .contains("- { address: 203.0.113.0/24 }  # acr-registry.json:14:9", "# left out: an IP rule: ");
    }

    @Test
    void aRegistryWithoutRulesAdmitsEverybodyAndSaysSo() {
        // Given
        String basic = "{\"networkRuleSet\": null, \"publicNetworkAccess\": \"Enabled\"}";
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options(), basic);
        // Then
        assertThat(imported.admits("192.0.2.1")).isTrue();
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("everybody is admitted"));
    }

    @Test
    void aRuleSetWithoutADefaultActionDenies() {
        // When
        ImportedPolicy imported =
                ImportedPolicy.ofText(ACR_NETWORK_RULE_SET, options(), "{\"ipRules\": [{\"value\": \"203.0.113.7\"}]}");
        // Then
        assertThat(imported.admits("203.0.113.7")).isTrue();
        assertThat(imported.admits("203.0.113.8")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null | expected a networkRuleSet",
                "[] | expected a networkRuleSet",
                "{} | found neither 'networkRuleSet' nor 'defaultAction'",
                "{\"defaultAction\": \"Maybe\"} | defaultAction is 'Maybe'; expected Allow or Deny",
                "{\"defaultAction\": true} | 'defaultAction' is true; expected a text",
                "{\"defaultAction\": \"Allow\", \"ipRules\": [{\"action\": \"Deny\", \"value\": \"192.0.2.1\"}]} | the action of an IP rule is 'Deny'",
                "{\"defaultAction\": \"Allow\", \"ipRules\": {\"value\": \"192.0.2.1\"}} | 'ipRules' is a map; expected a list",
                "{\"defaultAction\": \"Allow\", \"ipRules\": [\"192.0.2.1\"]} | found a text; expected an IP rule",
                "{\"defaultAction\": \"Allow\", \"denyRules\": [{}]} | unknown key 'denyRules' in a networkRuleSet: it may restrict",
            })
    void whatMightOpenSomethingStopsTheImport(String text, String problem) {
        assertThat(refused(ACR_NETWORK_RULE_SET, options(), text))
                .anySatisfy(line -> assertThat(line).startsWith("input:1:").contains("error: ", problem));
    }

    @Test
    void twoRegistriesAreTwoAccounts() {
        // Given
        String one = "{\"defaultAction\": \"Deny\"}";
        // Then
        assertThat(refused(ACR_NETWORK_RULE_SET, options(), one, one)).anyMatch(line -> line.contains("a second"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\": \"Allow\", \"value\": \"192.0.2.1\", \"until\": \"2020-01-01\"}",
                "{\"action\": \"Allow\"}",
                "{\"action\": \"Allow\", \"value\": \"192.0.2.1 \"}",
                "{\"action\": \"Allow\", \"value\": \"example.com\"}",
                "{\"action\": \"Allow\", \"value\": \"::ffff:192.0.2.1\"}",
                "{\"action\": \"Allow\", \"value\": \"192.0.2.0/33\"}",
            })
    void aRuleThatIsNotUnderstoodAdmitsNobody(String rule) {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                ACR_NETWORK_RULE_SET, options(), "{\"defaultAction\": \"Deny\", \"ipRules\": [" + rule + "]}");
        // Then
        assertThat(imported.admits("192.0.2.1")).isFalse();
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("left out"));
    }
}
