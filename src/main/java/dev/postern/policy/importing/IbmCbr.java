package dev.postern.policy.importing;

import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.writing.AccountText;
import dev.postern.policy.writing.NetworkText;
import dev.postern.policy.writing.PolicyText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Zones and rules of IBM Cloud's context-based restrictions, as {@code ibmcloud cbr zone}, {@code rule} and {@code rules} print them
 * with {@code --output json}: one, an array, or an answer with {@code zones} or {@code rules}. The list of zones that
 * {@code ibmcloud cbr zones} prints has summaries only, and is refused.
 *
 * <p>A rule admits where one of its contexts does, and a request passes where every rule that applies admits.
 */
final class IbmCbr {

    private static final String FORM =
            "a zone (with 'addresses'), a rule (with 'contexts'), an array of them, or an answer with 'zones' or 'rules'";

    /** What several rules have in common can be as many contexts as the product of theirs. */
    private static final int MAX_CONTEXTS = 1_000;

    private final ImportOptions options;
    private final Findings findings;
    private final List<FieldReader> zones = new ArrayList<>();
    private final List<FieldReader> rules = new ArrayList<>();

    IbmCbr(ImportOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    PolicyText policy(List<Value> roots) {
        roots.forEach(this::sort);
        Map<String, CbrZone> byId = zonesById();
        List<CbrRule> relevant = new ArrayList<>();
        rules.forEach(rule -> CbrRule.read(rule, byId, findings).ifPresent(relevant::add));
        Value first = roots.getFirst();
        if (relevant.isEmpty() && !rules.isEmpty()) {
            findings.error(
                    first.at(), "none of the " + rules.size() + " rules is for the registry: nothing restricts it");
        }
        if (rules.isEmpty()) {
            findings.warning(first.at(), "zones without a rule: nobody is admitted until a rule names them");
        }
        Enforcement enforcement = strictest(relevant);
        List<CbrContext> contexts = inCommon(relevant.stream()
                .filter(rule -> rule.enforcement() == enforcement)
                .toList());
        CbrNetwork network = new CbrNetwork(options, findings);
        NetworkText text = network.text(contexts, enforcement);
        return new PolicyText(
                List.of(),
                byId.values().stream()
                        .filter(zone -> network.usedZones().contains(zone.name()) || rules.isEmpty())
                        .filter(zone -> !zone.addresses().isEmpty())
                        .map(CbrZone::text)
                        .toList(),
                AccountText.of(options.account(), options.namespaces(), text));
    }

    private void sort(Value value) {
        switch (value) {
            case Value.Items items -> items.values().forEach(this::sort);
            case Value.Fields fields -> {
                FieldReader reader = new FieldReader(fields, findings);
                if (reader.has("zones") || reader.has("rules")) {
                    reader.items("zones").forEach(this::sort);
                    reader.items("rules").forEach(this::sort);
                } else if (reader.has("contexts") || reader.has("enforcement_mode") || reader.has("resources")) {
                    rules.add(reader);
                } else if (reader.has("addresses") || reader.has("excluded")) {
                    zones.add(reader);
                } else if (reader.has("addresses_preview")) {
                    // Three addresses at most, and nothing of what is excluded.
                    findings.error(
                            value.at(),
                            "a zone's summary, of which only a part of the addresses is here; expected the zone, as"
                                    + " 'ibmcloud cbr zone ID --output json' prints it");
                } else {
                    findings.error(value.at(), "neither a zone nor a rule; expected " + FORM);
                }
            }
            default -> findings.error(value.at(), "found " + value.kind() + "; expected " + FORM);
        }
    }

    private Map<String, CbrZone> zonesById() {
        Map<String, CbrZone> byId = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (FieldReader reader : zones) {
            CbrZone zone = CbrZone.read(reader, taken, findings);
            if (byId.putIfAbsent(zone.id(), zone) != null) {
                findings.error(reader.fields().at(), "the zone " + Findings.shown(zone.id()) + " stands twice");
            }
        }
        return byId;
    }

    /** An account has one enforcement. Rules that are less than enforced restrict nobody beside one that is. */
    private Enforcement strictest(List<CbrRule> relevant) {
        Enforcement strictest =
                relevant.stream().map(CbrRule::enforcement).min(Enum::compareTo).orElse(Enforcement.ENFORCE);
        relevant.stream()
                .filter(rule -> rule.enforcement() != strictest)
                .forEach(rule -> findings.warning(
                        rule.at(),
                        "the rule " + Findings.shown(rule.name())
                                + (rule.enforcement() == Enforcement.REPORT ? " only reports" : " is disabled")
                                + " beside others that do more; left out"));
        if (strictest != Enforcement.ENFORCE) {
            findings.warning(
                    relevant.getFirst().at(),
                    "no rule is enforced there, hence '"
                            + (strictest == Enforcement.REPORT ? "enforcement: report" : "enforcement: off")
                            + "': nobody is refused");
        }
        return strictest;
    }

    private List<CbrContext> inCommon(List<CbrRule> applying) {
        List<CbrContext> common =
                applying.isEmpty() ? List.of() : applying.getFirst().contexts();
        for (CbrRule rule : applying.subList(Math.min(1, applying.size()), applying.size())) {
            if (admitsTheSame(common, rule.contexts())) {
                continue;
            }
            if ((long) common.size() * rule.contexts().size() > MAX_CONTEXTS) {
                findings.error(
                        rule.at(), "the rules have more than " + MAX_CONTEXTS + " contexts in common: too many to say");
                return List.of();
            }
            List<CbrContext> both = new ArrayList<>();
            for (CbrContext one : common) {
                for (CbrContext other : rule.contexts()) {
                    one.and(other).ifPresent(both::add);
                }
            }
            common = both;
        }
        return common;
    }

    private static boolean admitsTheSame(List<CbrContext> one, List<CbrContext> other) {
        return one.stream()
                .map(IbmCbr::substance)
                .toList()
                .equals(other.stream().map(IbmCbr::substance).toList());
    }

    private static List<Object> substance(CbrContext context) {
        Optional<List<String>> zones = context.place()
                .map(place -> place.zones().stream().map(CbrZone::id).toList());
        // What is common to several has a place without zones, which no rule's own context has.
        return List.of(zones, context.publicly(), context.privately());
    }
}
