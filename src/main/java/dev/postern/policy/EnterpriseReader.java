package dev.postern.policy;

import java.util.Optional;

/** Reads {@code enterprise} sections, the ceiling over all accounts. */
final class EnterpriseReader {

    private final NetworkReader networks;
    private final Problems problems;

    EnterpriseReader(NetworkReader networks, Problems problems) {
        this.networks = networks;
        this.problems = problems;
    }

    /** The rules of the section that stands here. */
    Optional<NetworkRules> read(YamlMap map, Position position) {
        Optional<NetworkRules> network =
                map.map("network").map(rules -> networks.read(rules, position.file(), NetworkReader.Owner.ENTERPRISE));
        if (!map.has("network")) {
            problems.error(position, "'enterprise' has no 'network': the rules that hold for everybody");
        }
        map.rejectUnknownKeys("the enterprise section");
        return network;
    }
}
