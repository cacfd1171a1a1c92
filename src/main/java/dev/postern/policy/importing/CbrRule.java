package dev.postern.policy.importing;

import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A rule of IBM Cloud's context-based restrictions that restricts the registry: whoever none of its contexts admits is refused.
 *
 * @param name what it is called in remarks
 */
record CbrRule(Position at, String name, Enforcement enforcement, List<CbrContext> contexts) {

    private static final String REGISTRY = "container-registry";

    /** The attributes that say no more than that the rule is for the registry of the account. */
    private static final Set<String> WHOLE_ACCOUNT = Set.of("accountId", "serviceName");

    CbrRule {
        contexts = List.copyOf(contexts);
    }

    /** Reads a rule; empty where it is not for the registry. */
    static Optional<CbrRule> read(FieldReader rule, Map<String, CbrZone> zones, Findings findings) {
        Position at = rule.fields().at();
        String name = rule.text("description")
                .or(() -> rule.text("id"))
                .map(Value.Text::text)
                .filter(text -> !text.isBlank())
                .orElse("a rule");
        if (!isForTheRegistry(rule, name, findings)) {
            return Optional.empty();
        }
        rule.map("operations")
                .ifPresent(operations -> findings.warning(
                        operations.fields().at(),
                        "the rule " + Findings.shown(name) + " is for some operations only; here it is for all"));
        List<CbrContext> contexts = new ArrayList<>();
        for (Value item : rule.items("contexts")) {
            CbrContext.read(item, name, zones, findings).ifPresent(contexts::add);
        }
        return Optional.of(new CbrRule(at, name, enforcement(rule, findings), contexts));
    }

    private static Enforcement enforcement(FieldReader rule, Findings findings) {
        Optional<Value.Text> mode = rule.text("enforcement_mode");
        return switch (mode.map(Value.Text::text).orElse("enabled")) {
            case "enabled" -> Enforcement.ENFORCE;
            case "report" -> Enforcement.REPORT;
            case "disabled" -> Enforcement.OFF;
            default -> {
                findings.error(
                        rule.fields().at(),
                        "enforcement_mode is "
                                + Findings.shown(mode.map(Value.Text::text).orElse(""))
                                + "; expected enabled, disabled or report");
                yield Enforcement.ENFORCE;
            }
        };
    }

    /** A rule for a part of the registry is one for all of it here: it refuses more, never less. */
    private static boolean isForTheRegistry(FieldReader rule, String name, Findings findings) {
        boolean narrowed = false;
        String service = REGISTRY;
        for (Value resource : rule.items("resources")) {
            if (!(resource instanceof Value.Fields fields)) {
                findings.error(resource.at(), "found " + resource.kind() + "; expected a resource with 'attributes'");
                continue;
            }
            FieldReader reader = new FieldReader(fields, findings);
            service = "";
            for (Value item : reader.items("attributes")) {
                if (item instanceof Value.Fields attribute) {
                    FieldReader attributes = new FieldReader(attribute, findings);
                    String key = attributes.text("name").map(Value.Text::text).orElse("");
                    if (key.equals("serviceName")) {
                        service = attributes.text("value").map(Value.Text::text).orElse("");
                    }
                    narrowed |= !WHOLE_ACCOUNT.contains(key);
                }
            }
            narrowed |= !reader.items("tags").isEmpty();
        }
        Position at = rule.fields().at();
        if (!service.equals(REGISTRY)) {
            findings.warning(
                    at,
                    "the rule " + Findings.shown(name) + " is for the service " + Findings.shown(service) + ", not for "
                            + REGISTRY + "; left out");
            return false;
        }
        if (narrowed) {
            findings.warning(
                    at,
                    "the rule " + Findings.shown(name)
                            + " is for a part of the registry; here it is for all repositories of the account");
        }
        return true;
    }
}
