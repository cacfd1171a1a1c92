package dev.postern.policy;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads an account's {@code namespaces}: each a name, or a map that says more of it. */
final class NamespaceReader {

    private static final String ITEM = "namespaces";

    private final Problems problems;

    NamespaceReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * What an account has.
     *
     * @param names all its namespaces
     * @param publicOnes where those stand that are public
     */
    record Namespaces(Set<String> names, Map<String, Position> publicOnes) {}

    /** A truth value: YAML's other words for one are not taken. */
    private enum Truth {
        TRUE,
        FALSE
    }

    Namespaces read(YamlMap account, String file) {
        Namespaces found = new Namespaces(new LinkedHashSet<>(), new LinkedHashMap<>());
        for (YamlMap.Item item : account.list("namespaces", ITEM).orElse(List.of())) {
            if (item.node() instanceof MappingNode) {
                YamlMap.of(item.node(), file, problems, "a namespace").ifPresent(map -> read(map, found));
            } else {
                account.scalar(item, "a namespace: a name or a map with one")
                        .ifPresent(name -> add(name, item.position(), found));
            }
        }
        return found;
    }

    private void read(YamlMap map, Namespaces found) {
        Optional<String> name = map.text("name", "a namespace");
        boolean isPublic = map.choice("public", Truth.class, Truth.FALSE) == Truth.TRUE;
        if (!map.has("name")) {
            problems.error(map.position(), "a namespace has a 'name'");
        }
        map.rejectUnknownKeys("a namespace");
        if (name.isPresent() && add(name.get(), map.positionOf("name"), found) && isPublic) {
            found.publicOnes().put(name.get(), map.position());
        }
    }

    private boolean add(String name, Position position, Namespaces found) {
        if (!Names.isNamespace(name)) {
            problems.error(position, "'" + YamlMap.shown(name) + "' is not a namespace: " + Names.NAMESPACE_FORM);
            return false;
        }
        if (!found.names().add(name)) {
            problems.error(position, "the namespace '" + name + "' stands twice");
            return false;
        }
        return true;
    }
}
