package dev.postern.setup;

import dev.postern.address.AddressRange;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What settings and policy say together that neither says alone. */
final class OverlapCheck {

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
        NetworkSection.of(policy)
                // The enterprise's rules admit nobody by themselves.
                .filter(section -> section.account().isPresent())
                .flatMap(section -> section.rules().allow().stream())
                .forEach(list -> list.rules()
                        .forEach(rule -> admitted(list.ranges(rule), trusted.blocks())
                                .ifPresent(proxy -> warnings.add(rule.position() + ": warning: " + rule.text()
                                        + " admits "
                                        + proxy + " of postern.source.trusted-proxies: what a proxy sends without"
                                        + " naming a caller would be admitted for the proxy's own address"))));
        return warnings;
    }

    private static Optional<AddressRange> admitted(List<AddressRange> ranges, List<AddressRange> proxies) {
        return proxies.stream()
                .filter(proxy -> ranges.stream().anyMatch(range -> range.overlaps(proxy)))
                .findFirst();
    }
}
