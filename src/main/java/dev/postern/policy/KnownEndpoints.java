package dev.postern.policy;

import dev.postern.address.LinkId;
import java.util.Set;

/**
 * What the operator's settings have that rules may name.
 *
 * @param names the private endpoints' names
 * @param linkIds the links that they have
 */
public record KnownEndpoints(Set<String> names, Set<LinkId> linkIds) {
    /** Keeps its own copies. */
    public KnownEndpoints {
        names = Set.copyOf(names);
        linkIds = Set.copyOf(linkIds);
    }

    /** Endpoints of these names, without links. */
    public static KnownEndpoints named(Set<String> names) {
        return new KnownEndpoints(names, Set.of());
    }
}
