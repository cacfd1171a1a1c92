package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.Rule;
import dev.postern.policy.writing.AccountText;
import dev.postern.policy.writing.NetworkText;
import dev.postern.policy.writing.PolicyText;
import dev.postern.policy.writing.RuleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The IP allow list of a GitHub organization or enterprise: GraphQL's answers, one for each page, or an array of entries.
 *
 * <p>An entry counts where it {@code isActive}, and the list where {@code ipAllowListEnabledSetting} is {@code ENABLED}.
 */
final class GithubAllowList {

    private static final String FORM =
            "GraphQL's answer with 'ipAllowListEntries', or an array of entries with 'allowListValue' and 'isActive'";

    private final ImportOptions options;
    private final Findings findings;
    private final List<RuleText> allow = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private Optional<Value.Text> setting = Optional.empty();
    private boolean complete = true;

    GithubAllowList(ImportOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    PolicyText policy(List<Value> roots) {
        roots.forEach(this::root);
        Value last = roots.getLast();
        if (!complete) {
            findings.warning(last.at(), "the list has another page ('hasNextPage'), which is not here; left out");
        }
        options.privateEndpoints()
                .forEach(name ->
                        allow.add(new RuleText(new Rule.EndpointMatcher(name), Optional.empty(), Optional.empty())));
        if (allow.isEmpty()) {
            findings.warning(last.at(), "no active entries: nobody is admitted");
        }
        NetworkText network = new NetworkText(
                enforcement(last),
                Optional.empty(),
                Optional.empty(),
                Optional.of(DefaultAction.DENY),
                Optional.of(allow),
                List.of(),
                leftOut);
        return new PolicyText(List.of(), List.of(), AccountText.of(options.account(), options.namespaces(), network));
    }

    private Optional<Enforcement> enforcement(Value last) {
        if (setting.isEmpty()) {
            findings.warning(
                    last.at(), "no 'ipAllowListEnabledSetting': the list is enforced here, whether it is there or not");
            return Optional.empty();
        }
        return switch (setting.get().text()) {
            case "ENABLED" -> Optional.of(Enforcement.ENFORCE);
            case "DISABLED" -> {
                findings.warning(
                        setting.get().at(),
                        "the list is not enabled there, hence 'enforcement: off': nobody is refused");
                yield Optional.of(Enforcement.OFF);
            }
            default -> {
                findings.warning(
                        setting.get().at(),
                        "ipAllowListEnabledSetting is "
                                + Findings.shown(setting.get().text()) + "; the list is enforced here");
                yield Optional.of(Enforcement.ENFORCE);
            }
        };
    }

    private void root(Value root) {
        switch (root) {
            case Value.Items entries -> entries.values().forEach(this::entry);
            case Value.Fields fields -> {
                FieldReader answer = new FieldReader(fields, findings);
                for (Value error : answer.items("errors")) {
                    findings.error(error.at(), "the answer has errors: what it does not say may be missing from it");
                }
                FieldReader data = answer.map("data").orElse(answer);
                FieldReader owner = data.map("organization")
                        .or(() -> data.map("enterprise")
                                .map(enterprise -> enterprise.map("ownerInfo").orElse(enterprise)))
                        .orElse(data);
                owner(owner, root);
            }
            default -> findings.error(root.at(), "found " + root.kind() + "; expected " + FORM);
        }
    }

    private void owner(FieldReader owner, Value root) {
        owner.text("ipAllowListEnabledSetting").ifPresent(found -> {
            // Of two answers that differ, the stricter counts.
            if (setting.isEmpty() || !found.text().equals("DISABLED")) {
                setting = Optional.of(found);
            }
        });
        owner.text("ipAllowListForInstalledAppsEnabledSetting")
                .filter(apps -> apps.text().equals("ENABLED"))
                .ifPresent(apps -> findings.warning(
                        apps.at(), "the allow lists of installed GitHub Apps count there and are not here; left out"));
        Optional<FieldReader> connection = owner.map("ipAllowListEntries");
        if (connection.isEmpty()) {
            findings.error(root.at(), "no 'ipAllowListEntries'; expected " + FORM);
            return;
        }
        connection.get().items("nodes").forEach(this::entry);
        for (Value edge : connection.get().items("edges")) {
            if (edge instanceof Value.Fields fields) {
                new FieldReader(fields, findings).value("node").ifPresent(this::entry);
            } else {
                findings.error(edge.at(), "found " + edge.kind() + "; expected an edge with a 'node'");
            }
        }
        complete = connection
                .get()
                .map("pageInfo")
                .flatMap(page -> page.truth("hasNextPage"))
                .map(more -> !more.value())
                .orElse(true);
    }

    private void entry(Value item) {
        if (!(item instanceof Value.Fields fields)) {
            findings.error(item.at(), "found " + item.kind() + "; expected an entry with 'allowListValue'");
            return;
        }
        FieldReader entry = new FieldReader(fields, findings);
        Optional<Value.Text> value = entry.text("allowListValue");
        Optional<String> name = entry.text("name").map(Value.Text::text).filter(text -> !text.isBlank());
        Optional<Value.Truth> active = entry.truth("isActive");
        if (value.isEmpty()) {
            findings.error(item.at(), "an entry without 'allowListValue'");
            return;
        }
        String shown = value.get().text() + name.map(text -> " (" + text + ")").orElse("") + ", " + item.at();
        if (active.isEmpty()) {
            leftOut.add("does not say whether it is active: " + shown);
            findings.warning(item.at(), "an entry without 'isActive'; left out");
            return;
        }
        if (!active.get().value()) {
            leftOut.add("inactive: " + shown);
            return;
        }
        switch (AddressRange.parse(value.get().text())) {
            case AddressRange.Parsed parsed ->
                allow.add(new RuleText(new Rule.AddressMatcher(parsed.range()), name, PolicyImport.origin(item)));
            case AddressRange.Malformed malformed -> {
                leftOut.add("no address: " + shown);
                findings.warning(value.get().at(), malformed.why() + "; left out");
            }
        }
    }
}
