package dev.postern.policy;

import java.util.Optional;
import java.util.Set;

/**
 * Gives roles to subjects on a part of an account's repositories, or takes actions away from them there.
 *
 * @param subjects who
 * @param roles what it gives
 * @param denied the actions that it takes away, whatever others give; one that takes away gives nothing
 * @param region only by a Postern of this region; empty: by all
 * @param namespace only in this namespace; empty: in all of the account
 * @param repository only repositories whose name, without the namespace, matches; with templates, for a caller whose values make it so
 * @param position where it stands
 */
public record Binding(
        Set<Subject> subjects,
        Set<Role> roles,
        Set<String> denied,
        Optional<String> region,
        Optional<String> namespace,
        RepositoryTemplate repository,
        Position position) {

    /** Keeps its own copies. */
    public Binding {
        subjects = Set.copyOf(subjects);
        roles = Set.copyOf(roles);
        denied = Set.copyOf(denied);
    }

    /** Whether it speaks of this repository, for a caller of whom this is known. */
    public boolean covers(Policy.Owned owned, RepositoryTemplate.Values values) {
        return namespace.map(owned.namespace()::equals).orElse(true) && repository.matches(owned.rest(), values);
    }

    /** Whether it speaks of everything in the account, as a listing needs. */
    public boolean coversAccount() {
        return namespace.isEmpty() && repository == RepositoryTemplate.ANY;
    }
}
