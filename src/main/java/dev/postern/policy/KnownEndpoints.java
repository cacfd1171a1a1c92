package dev.postern.policy;

import dev.postern.address.LinkId;
import java.util.Set;

/**
 * What the operator's settings have that policies may name.
 *
 * @param names the private endpoints' names
 * @param linkIds the links that they have
 * @param issuers the names of the issuers of tokens
 */
public record KnownEndpoints(Set<String> names, Set<LinkId> linkIds, Set<String> issuers) {
    /** Keeps its own copies. */
    public KnownEndpoints {
        names = Set.copyOf(names);
        linkIds = Set.copyOf(linkIds);
        issuers = Set.copyOf(issuers);
    }

    /** Endpoints, and no issuers. */
    public KnownEndpoints(Set<String> names, Set<LinkId> linkIds) {
        this(names, linkIds, Set.of());
    }

    /** Endpoints of these names, without links. */
    public static KnownEndpoints named(Set<String> names) {
        return new KnownEndpoints(names, Set.of());
    }
}
