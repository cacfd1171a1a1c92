package dev.postern.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads the {@code must-admit} and {@code must-refuse} lists of a network section. */
final class InvariantReader {

    private static final String ITEMS = "addresses, blocks or ranges, or maps with one of " + MatcherReader.KINDS
            + ", and with 'identity' and 'scope' where they matter";
    private static final String IDENTITY =
            "service-id:NAME, user:NAME, federated:NAME (of another account: KIND:ACCOUNT/NAME) or anonymous";

    private static final String IDENTITY_BY_ACCOUNT =
            "service-id:ACCOUNT/NAME, user:ACCOUNT/NAME, federated:ACCOUNT/NAME or anonymous";

    private final MatcherReader matchers;
    private final Problems problems;

    InvariantReader(MatcherReader matchers, Problems problems) {
        this.matchers = matchers;
        this.problems = problems;
    }

    List<Invariant> read(YamlMap network, String file, NetworkReader.Owner owner) {
        List<Invariant> invariants = new ArrayList<>();
        for (Invariant.Kind kind : Invariant.Kind.values()) {
            for (YamlMap.Item item : network.list(kind.key(), ITEMS).orElse(List.of())) {
                if (item.node() instanceof MappingNode) {
                    YamlMap.of(item.node(), file, problems, "an invariant")
                            .flatMap(map -> read(kind, map, owner))
                            .ifPresent(invariants::add);
                } else {
                    network.scalar(item, ITEMS)
                            .flatMap(text -> matchers.address(new YamlMap.ScalarItem(item.position(), text)))
                            .map(matcher ->
                                    new Invariant(kind, matcher, owner.identity(), Optional.empty(), item.position()))
                            .ifPresent(invariants::add);
                }
            }
        }
        return invariants;
    }

    private Optional<Invariant> read(Invariant.Kind kind, YamlMap map, NetworkReader.Owner owner) {
        Optional<Rule.Matcher> matcher = matchers.read(map, "an invariant");
        Optional<Subject> identity = map.text("identity", IDENTITY)
                .flatMap(text -> identity(text, map, owner))
                .or(owner::identity);
        Optional<Invariant.Asked> scope = map.text("scope", "a scope such as repository:acme/app:pull")
                .map(text -> new Invariant.Asked(text, map.positionOf("scope")));
        if (scope.isPresent() && !map.has("identity") && owner.identity().isEmpty()) {
            problems.error(
                    map.positionOf("scope"),
                    "'scope' goes with 'identity': who asks for it (anonymous, for a caller without credentials)");
        }
        map.rejectUnknownKeys("an invariant");
        return matcher.map(of -> new Invariant(kind, of, identity, scope, map.position()));
    }

    private Optional<Subject> identity(String text, YamlMap map, NetworkReader.Owner owner) {
        Optional<Subject> identity = Subject.parse(text, owner.account())
                .filter(subject -> subject.kind().isCallerOfPolicy());
        if (identity.isEmpty()) {
            String expected = owner.account().isEmpty() ? IDENTITY_BY_ACCOUNT : IDENTITY;
            problems.error(
                    map.positionOf("identity"), "'identity' is '" + YamlMap.shown(text) + "'; expected " + expected);
        } else if (owner.identity().isPresent() && !owner.identity().equals(identity)) {
            problems.error(
                    map.positionOf("identity"),
                    "'identity' is another than " + owner.identity().get() + ", whose own rules these are");
        }
        return identity;
    }
}
