package dev.postern.policy;

import java.util.Optional;
import java.util.Set;

/**
 * Gives roles to subjects on a part of an account's repositories.
 *
 * @param subjects who
 * @param roles what
 * @param region only by a Postern of this region; empty: by all
 * @param namespace only in this namespace; empty: in all of the account
 * @param repository only repositories whose name, without the namespace, matches
 * @param position where it stands
 */
public record Binding(
        Set<Subject> subjects,
        Set<Role> roles,
        Optional<String> region,
        Optional<String> namespace,
        RepositoryPattern repository,
        Position position) {

    /** Keeps its own copies. */
    public Binding {
        subjects = Set.copyOf(subjects);
        roles = Set.copyOf(roles);
    }

    /** Whether it speaks of this repository. */
    public boolean covers(Policy.Owned owned) {
        return namespace.map(owned.namespace()::equals).orElse(true) && repository.matches(owned.rest());
    }

    /** Whether it speaks of everything in the account, as a listing needs. */
    public boolean coversAccount() {
        return namespace.isEmpty() && repository == RepositoryPattern.ANY;
    }
}
