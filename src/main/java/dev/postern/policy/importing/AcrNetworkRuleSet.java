package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import dev.postern.policy.Rule;
import dev.postern.policy.writing.AccountText;
import dev.postern.policy.writing.NetworkText;
import dev.postern.policy.writing.PolicyText;
import dev.postern.policy.writing.RuleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The network rules of an Azure Container Registry: a {@code networkRuleSet} by itself, or the registry as a resource, as the
 * REST API has it (under {@code properties}) or as {@code az acr show} prints it.
 *
 * <p>IP rules are for the public endpoint. A private endpoint, once approved, is not subject to them.
 */
final class AcrNetworkRuleSet {

    private static final String FORM =
            "a networkRuleSet with its 'defaultAction', or a registry as 'az acr show' prints it";

    private final ImportOptions options;
    private final Findings findings;
    private final List<String> leftOut = new ArrayList<>();

    AcrNetworkRuleSet(ImportOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    PolicyText policy(List<Value> roots) {
        if (roots.size() > 1) {
            findings.error(roots.get(1).at(), "a second registry; import each into an account of its own");
        }
        NetworkText network = network(roots.getFirst());
        return new PolicyText(List.of(), List.of(), AccountText.of(options.account(), options.namespaces(), network));
    }

    private NetworkText network(Value root) {
        if (!(root instanceof Value.Fields fields)) {
            findings.error(root.at(), "found " + root.kind() + "; expected " + FORM);
            return NetworkText.of(List.of(), List.of());
        }
        FieldReader outer = new FieldReader(fields, findings);
        FieldReader resource = outer.map("properties").orElse(outer);
        if (resource.has("networkRuleSet") || resource.has("publicNetworkAccess")) {
            return resource(resource);
        }
        if (!resource.has("defaultAction") && !resource.has("ipRules")) {
            findings.error(root.at(), "found neither 'networkRuleSet' nor 'defaultAction'; expected " + FORM);
        }
        findings.warning(
                root.at(),
                "a rule set without its registry: where its public access is disabled, set 'public-access: disabled'");
        return network(Optional.of(resource), PublicAccess.ENABLED, PrivateAccess.TRUST, root);
    }

    private NetworkText resource(FieldReader resource) {
        Value.Fields at = resource.fields();
        bypass(resource);
        return network(resource.map("networkRuleSet"), publicAccess(resource), privateAccess(resource), at);
    }

    private PublicAccess publicAccess(FieldReader resource) {
        Optional<Value.Text> access = resource.text("publicNetworkAccess");
        if (access.isEmpty()) {
            findings.warning(
                    resource.fields().at(),
                    "no 'publicNetworkAccess': taken for Enabled, which is what registries without the setting have");
            return PublicAccess.ENABLED;
        }
        return switch (access.get().text().toLowerCase(Locale.ROOT)) {
            case "enabled" -> PublicAccess.ENABLED;
            case "disabled" -> PublicAccess.DISABLED;
            default -> {
                findings.warning(
                        access.get().at(),
                        "publicNetworkAccess is " + Findings.shown(access.get().text())
                                + ", which cannot be said; taken for Disabled");
                yield PublicAccess.DISABLED;
            }
        };
    }

    private PrivateAccess privateAccess(FieldReader resource) {
        if (!resource.has("privateEndpointConnections")) {
            return PrivateAccess.TRUST;
        }
        List<String> approved = new ArrayList<>();
        for (Value item : resource.items("privateEndpointConnections")) {
            if (item instanceof Value.Fields fields) {
                FieldReader connection = new FieldReader(fields, findings);
                FieldReader properties = connection.map("properties").orElse(connection);
                String name = connection.text("name").map(Value.Text::text).orElse("without a name");
                String status = properties
                        .map("privateLinkServiceConnectionState")
                        .flatMap(state -> state.text("status"))
                        .map(Value.Text::text)
                        .orElse("unknown");
                if (status.equalsIgnoreCase("approved")) {
                    approved.add(name);
                } else {
                    findings.warning(
                            item.at(),
                            "the private endpoint connection " + Findings.shown(name) + " is not approved ("
                                    + Findings.shown(status) + "); left out");
                }
            } else {
                findings.error(item.at(), "found " + item.kind() + "; expected a private endpoint connection");
            }
        }
        if (approved.isEmpty()) {
            return PrivateAccess.DISABLED;
        }
        String names = String.join(", ", approved.stream().map(Findings::shown).toList());
        leftOut.add("the private endpoint connections of the registry, by name: " + names);
        return PrivateAccess.TRUST;
    }

    private void bypass(FieldReader resource) {
        resource.text("networkRuleBypassOptions")
                .filter(bypass -> !bypass.text().equalsIgnoreCase("none"))
                .ifPresent(bypass -> findings.warning(
                        bypass.at(),
                        "networkRuleBypassOptions is " + Findings.shown(bypass.text())
                                + ": the cloud's trusted services pass by the rules there, and do not here. Left out;"
                                + " a service that shall pass needs an identity, and 'trusted-services' to name it"));
    }

    private NetworkText network(
            Optional<FieldReader> ruleSet, PublicAccess publicAccess, PrivateAccess privateAccess, Value at) {
        DefaultAction fallback = ruleSet.map(this::fallback).orElse(DefaultAction.ALLOW);
        List<RuleText> allow = new ArrayList<>(ruleSet.map(this::rules).orElse(List.of()));
        if (ruleSet.isEmpty() && publicAccess == PublicAccess.ENABLED) {
            findings.warning(at.at(), "the registry has no network rules: everybody is admitted");
        }
        if (fallback == DefaultAction.ALLOW && publicAccess == PublicAccess.ENABLED && !allow.isEmpty()) {
            findings.warning(at.at(), "the default action is Allow: the IP rules restrict nobody, there and here");
        }
        PrivateAccess access = privateAccess;
        if (access == PrivateAccess.TRUST) {
            boolean decides = fallback == DefaultAction.DENY || publicAccess == PublicAccess.DISABLED;
            if (!options.privateEndpoints().isEmpty() && decides) {
                access = PrivateAccess.EVALUATE;
                fallback = DefaultAction.DENY;
                options.privateEndpoints()
                        .forEach(name -> allow.add(
                                new RuleText(new Rule.EndpointMatcher(name), Optional.empty(), Optional.empty())));
            } else {
                findings.warning(
                        at.at(),
                        "private endpoints are not subject to IP rules: 'private-access: trust' admits whoever comes by"
                                + " any private endpoint of this Postern"
                                + (decides ? "; --private-endpoint NAME admits those that you name" : ""));
            }
        }
        return new NetworkText(
                Optional.empty(),
                Optional.of(publicAccess),
                Optional.of(access),
                Optional.of(fallback),
                Optional.of(allow),
                List.of(),
                leftOut);
    }

    private DefaultAction fallback(FieldReader ruleSet) {
        Optional<Value.Text> action = ruleSet.text("defaultAction");
        if (action.isEmpty()) {
            findings.warning(ruleSet.fields().at(), "no 'defaultAction': taken for Deny");
            return DefaultAction.DENY;
        }
        return switch (action.get().text().toLowerCase(Locale.ROOT)) {
            case "allow" -> DefaultAction.ALLOW;
            case "deny" -> DefaultAction.DENY;
            default -> {
                findings.error(
                        action.get().at(),
                        "defaultAction is " + Findings.shown(action.get().text()) + "; expected Allow or Deny");
                yield DefaultAction.DENY;
            }
        };
    }

    private List<RuleText> rules(FieldReader ruleSet) {
        List<RuleText> rules = new ArrayList<>();
        for (Value item : ruleSet.items("ipRules")) {
            rule(item).ifPresent(rules::add);
        }
        for (Value item : ruleSet.items("virtualNetworkRules")) {
            String id = item instanceof Value.Fields fields
                    ? new FieldReader(fields, findings)
                            .text("id")
                            .map(text -> text.text().replaceAll("^.*/virtualNetworks/", ""))
                            .orElse("?")
                    : "?";
            leftOut.add("a virtual network rule, " + item.at());
            findings.warning(
                    item.at(),
                    "the virtual network rule for " + Findings.shown(id)
                            + " is left out: a service endpoint's subnet is not seen from here; use a private endpoint");
        }
        for (String key : ruleSet.unknown()) {
            findings.error(
                    ruleSet.fields().at(),
                    "unknown key " + Findings.shown(key)
                            + " in a networkRuleSet: it may restrict; remove it where it does not");
        }
        return rules;
    }

    private Optional<RuleText> rule(Value item) {
        if (!(item instanceof Value.Fields fields)) {
            findings.error(item.at(), "found " + item.kind() + "; expected an IP rule");
            return Optional.empty();
        }
        FieldReader rule = new FieldReader(fields, findings);
        Optional<Value.Text> action = rule.text("action");
        if (action.isPresent() && !action.get().text().equalsIgnoreCase("allow")) {
            findings.error(
                    action.get().at(),
                    "the action of an IP rule is " + Findings.shown(action.get().text())
                            + "; expected Allow, the only one there is: leaving another out might open something");
            return Optional.empty();
        }
        Optional<Value.Text> value = rule.text("value").or(() -> rule.text("ipAddressOrRange"));
        rule.has("ipAddressOrRange");
        if (value.isEmpty()) {
            return leaveOut(item, "an IP rule without 'value' or 'ipAddressOrRange'");
        }
        List<String> unknown = rule.unknown();
        if (!unknown.isEmpty()) {
            return leaveOut(item, "an IP rule with a key that is not known, " + Findings.shown(unknown.getFirst()));
        }
        return switch (AddressRange.parse(value.get().text())) {
            case AddressRange.Parsed parsed ->
                Optional.of(new RuleText(
                        new Rule.AddressMatcher(parsed.range()), Optional.empty(), PolicyImport.origin(item)));
            case AddressRange.Malformed malformed -> leaveOut(item, "an IP rule: " + malformed.why());
        };
    }

    private Optional<RuleText> leaveOut(Value item, String what) {
        leftOut.add(what + ", " + item.at());
        findings.warning(item.at(), what + "; left out");
        return Optional.empty();
    }
}
