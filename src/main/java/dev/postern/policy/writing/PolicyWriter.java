package dev.postern.policy.writing;

import dev.postern.address.AddressRange;
import dev.postern.policy.Rule;
import dev.postern.policy.Subject;
import dev.postern.policy.writing.AccountText.BindingText;
import dev.postern.policy.writing.AccountText.ServiceIdText;
import dev.postern.policy.writing.AccountText.UserText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes policies as YAML. Everything that is not fixed here goes through {@link YamlText}. */
public final class PolicyWriter {

    private final StringBuilder out = new StringBuilder();

    private PolicyWriter() {}

    /** The whole policy: one document with zones and one account. */
    public static String write(PolicyText policy) {
        PolicyWriter writer = new PolicyWriter();
        policy.remarks().forEach(remark -> writer.line(0, "# " + YamlText.comment(remark)));
        if (!policy.zones().isEmpty()) {
            writer.line(0, "zones:");
            policy.zones().forEach(writer::zone);
        }
        writer.line(0, "accounts:");
        writer.account(policy.account());
        return writer.out.toString();
    }

    /**
     * Allow lists with the keys they stand under, to be pasted into a policy. It is not a policy: users have no passwords in it.
     *
     * @param lists sorted: the enterprise's first, and those of an account together, its own before those of its service ids, and
     *     these before those of its users
     */
    public static String allowLists(List<String> remarks, List<AllowListText> lists) {
        PolicyWriter writer = new PolicyWriter();
        remarks.forEach(remark -> writer.line(0, "# " + YamlText.comment(remark)));
        List<String> open = List.of();
        for (AllowListText list : lists) {
            List<String> keys = keys(list);
            int same = 0;
            while (same < open.size() && open.get(same).equals(keys.get(same))) {
                same++;
            }
            for (int depth = same; depth < keys.size(); depth++) {
                writer.line(depth, keys.get(depth) + ":");
            }
            writer.rules(keys.size(), "allow", list.rules());
            open = keys;
        }
        return writer.out.toString();
    }

    /** The keys from the document down to the network section. */
    private static List<String> keys(AllowListText list) {
        if (list.account().isEmpty()) {
            return List.of("enterprise", "network");
        }
        List<String> keys = new ArrayList<>(
                List.of("accounts", YamlText.scalar(list.account().get())));
        list.identity().ifPresent(identity -> {
            keys.add(
                    identity.kind() == Subject.Kind.FEDERATED
                            ? "federated"
                            : identity.kind().documentName() + "s");
            keys.add(YamlText.scalar(identity.name()));
        });
        keys.add("network");
        return keys;
    }

    private void zone(ZoneText zone) {
        zone.remarks().forEach(remark -> line(1, "# " + YamlText.comment(remark)));
        line(1, YamlText.scalar(zone.name()) + ":");
        ranges("addresses", zone.addresses());
        if (!zone.except().isEmpty()) {
            ranges("except", zone.except());
        }
    }

    private void ranges(String key, List<AddressRange> ranges) {
        if (ranges.isEmpty()) {
            line(2, key + ": []");
            return;
        }
        line(2, key + ":");
        ranges.forEach(range -> line(3, "- " + YamlText.scalar(range)));
    }

    private void account(AccountText account) {
        boolean nothing = account.namespaces().isEmpty()
                && account.network().isEmpty()
                && account.users().isEmpty()
                && account.serviceIds().isEmpty()
                && account.bindings().isEmpty();
        line(1, YamlText.scalar(account.name()) + (nothing ? ": {}" : ":"));
        if (!account.namespaces().isEmpty()) {
            line(2, "namespaces: " + list(account.namespaces()));
        }
        account.network().ifPresent(network -> network(2, network));
        if (!account.users().isEmpty()) {
            line(2, "users:");
            account.users().forEach(this::user);
        }
        if (!account.serviceIds().isEmpty()) {
            line(2, "service-ids:");
            account.serviceIds().forEach(this::serviceId);
        }
        if (!account.bindings().isEmpty()) {
            line(2, "bindings:");
            account.bindings().forEach(this::binding);
        }
    }

    private void user(UserText user) {
        line(3, YamlText.scalar(user.name()) + ":");
        line(4, "password: " + YamlText.scalar(user.passwordHash()));
        user.network().ifPresent(network -> network(4, network));
    }

    private void serviceId(ServiceIdText serviceId) {
        line(3, YamlText.scalar(serviceId.name()) + (serviceId.network().isEmpty() ? ": {}" : ":"));
        serviceId.network().ifPresent(network -> network(4, network));
    }

    private void binding(BindingText binding) {
        StringBuilder text = new StringBuilder("- { subjects: ")
                .append(list(binding.subjects()))
                .append(", roles: [")
                .append(binding.role().documentName())
                .append(']');
        binding.namespace().ifPresent(namespace -> text.append(", namespace: ").append(YamlText.scalar(namespace)));
        binding.repository().ifPresent(pattern -> text.append(", repository: ").append(YamlText.scalar(pattern)));
        line(3, text + " }" + behind(binding.remark()));
    }

    private void network(int depth, NetworkText network) {
        line(depth, "network:");
        network.enforcement().ifPresent(value -> setting(depth + 1, "enforcement", value));
        network.publicAccess().ifPresent(value -> setting(depth + 1, "public-access", value));
        network.privateAccess().ifPresent(value -> setting(depth + 1, "private-access", value));
        network.fallback().ifPresent(value -> setting(depth + 1, "default", value));
        network.leftOut().forEach(remark -> line(depth + 1, "# left out: " + YamlText.comment(remark)));
        network.allow().ifPresent(rules -> rules(depth + 1, "allow", rules));
        if (!network.deny().isEmpty()) {
            rules(depth + 1, "deny", network.deny());
        }
    }

    private void setting(int depth, String key, Enum<?> value) {
        // Quoted: to YAML, off is a boolean.
        line(depth, key + ": " + YamlText.scalar(value.name().toLowerCase(Locale.ROOT)));
    }

    private void rules(int depth, String key, List<RuleText> rules) {
        if (rules.isEmpty()) {
            line(depth, key + ": []");
            return;
        }
        line(depth, key + ":");
        rules.forEach(
                rule -> line(depth + 1, "- { " + matcher(rule.matcher()) + note(rule) + " }" + behind(rule.remark())));
    }

    private static String note(RuleText rule) {
        return rule.note().map(note -> ", note: " + YamlText.remark(note)).orElse("");
    }

    private static String matcher(Rule.Matcher matcher) {
        return switch (matcher) {
            case Rule.AddressMatcher m -> "address: " + YamlText.scalar(m.range());
            case Rule.ZoneMatcher m -> "zone: " + YamlText.scalar(m.zone());
            case Rule.EndpointMatcher m -> "private-endpoint: " + YamlText.scalar(m.endpoint());
            case Rule.LinkMatcher m -> "link: " + YamlText.scalar(m.link().toString());
            case Rule.OriginatorMatcher m ->
                "originator: " + YamlText.scalar(m.range()) + ", via: "
                        + YamlText.scalar(
                                switch (m.via()) {
                                    case Rule.ViaEndpoint via -> via.endpoint();
                                    case Rule.ViaLink via -> via.link().toString();
                                });
        };
    }

    private static String list(List<String> texts) {
        return "[" + String.join(", ", texts.stream().map(YamlText::scalar).toList()) + "]";
    }

    private static String behind(Optional<String> remark) {
        return remark.map(text -> "  # " + YamlText.comment(text)).orElse("");
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }
}
