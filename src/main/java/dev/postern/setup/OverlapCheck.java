package dev.postern.setup;

import dev.postern.address.AddressRange;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What settings and policy say together that neither says alone. */
final class OverlapCheck {

    /** More are counted and not told. */
    private static final int MAX_TOLD = 100;

    private OverlapCheck() {}

    /**
     * The rules that admit a trusted proxy's own address: what a proxy sends without naming anybody, health checks and
     * requests past it, would be admitted for it.
     */
    static List<String> run(Policy policy, SourceSettings settings) {
        if (!(settings.trust() instanceof TrustedProxies trusted)
                || trusted.blocks().isEmpty()) {
            return List.of();
        }
        List<String> warnings = new ArrayList<>();
        int[] more = {0};
        NetworkSection.of(policy)
                // The enterprise's rules admit nobody by themselves.
                .filter(section -> section.account().isPresent())
                .flatMap(section -> section.rules().allow().stream())
                .flatMap(list -> list.rules().stream())
                .forEach(rule -> admitted(policy, rule, trusted.blocks()).ifPresent(proxy -> {
                    if (warnings.size() == MAX_TOLD) {
                        more[0]++;
                    } else {
                        warnings.add(rule.position() + ": warning: " + rule.text() + " admits " + proxy
                                + " of postern.source.trusted-proxies: what a proxy sends without naming a caller"
                                + " would be admitted for the proxy's own address");
                    }
                }));
        if (more[0] > 0) {
            warnings.add("warning: and " + more[0] + " more rules that admit a trusted proxy");
        }
        return warnings;
    }

    private static Optional<AddressRange> admitted(Policy policy, Rule rule, List<AddressRange> proxies) {
        return switch (rule.matcher()) {
            case Rule.AddressMatcher m ->
                proxies.stream().filter(m.range()::overlaps).findFirst();
            case Rule.ZoneMatcher m ->
                policy.zone(m.zone())
                        .flatMap(zone -> proxies.stream()
                                .filter(zone.addresses()::overlaps)
                                .findFirst());
            case Rule.EndpointMatcher m -> Optional.empty();
            case Rule.LinkMatcher m -> Optional.empty();
            case Rule.OriginatorMatcher m -> Optional.empty();
        };
    }
}
