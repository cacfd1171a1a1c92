package dev.postern.policy;

import java.util.Optional;

/** Reads the {@code enterprise} section, the ceiling over all accounts: at most one stands in all documents. */
final class EnterpriseReader {

    private final Problems problems;
    private Optional<Declaration> declared = Optional.empty();

    EnterpriseReader(Problems problems) {
        this.problems = problems;
    }

    /** The section as it stands in a document. */
    private record Declaration(String file, Position position, YamlMap map) {}

    /** Takes the section of a document, where it has one. */
    void collect(YamlMap document, String file) {
        document.map("enterprise").ifPresent(map -> {
            Position position = document.positionOf("enterprise");
            if (declared.isPresent()) {
                // Of two ceilings the lower would have to hold, and nobody could see which that is.
                problems.error(
                        position,
                        "'enterprise' is declared twice; the first is at "
                                + declared.get().position());
            } else {
                declared = Optional.of(new Declaration(file, position, map));
            }
        });
    }

    Optional<NetworkRules> read(NetworkReader networks) {
        return declared.flatMap(section -> {
            YamlMap map = section.map();
            Optional<NetworkRules> network = map.map("network")
                    .map(rules -> networks.read(rules, section.file(), NetworkReader.Owner.ENTERPRISE));
            if (!map.has("network")) {
                problems.error(section.position(), "'enterprise' has no 'network': the rules that hold for everybody");
            }
            map.rejectUnknownKeys("the enterprise section");
            return network;
        });
    }
}
