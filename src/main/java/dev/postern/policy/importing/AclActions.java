package dev.postern.policy.importing;

import dev.postern.policy.Role;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The actions of an entry of docker_auth.
 *
 * @param everything whether they are a single {@code *}, which is whatever is asked for
 * @param named the others
 */
record AclActions(boolean everything, Set<String> named) {

    AclActions {
        named = Set.copyOf(named);
    }

    boolean isEmpty() {
        return !everything && named.isEmpty();
    }

    boolean isWithin(AclActions other) {
        return other.everything || !everything && other.named.containsAll(named);
    }

    AclActions and(AclActions other) {
        if (everything) {
            return other;
        }
        if (other.everything) {
            return this;
        }
        Set<String> both = new TreeSet<>(named);
        both.retainAll(other.named);
        return new AclActions(false, both);
    }

    /** Whether they list the registry's repositories, for which {@code *} is asked. */
    boolean list() {
        return everything || named.contains("*");
    }

    /** The greatest role that gives no more than these, where there is one. */
    Optional<Role> role() {
        if (everything) {
            return Optional.of(Role.MANAGER);
        }
        Role greatest = null;
        for (Role role : Role.values()) {
            if (named.containsAll(role.repositoryActions())) {
                greatest = role;
            }
        }
        return Optional.ofNullable(greatest);
    }

    /** Whether they are a Writer's but for the right to delete. */
    boolean isPullAndPush() {
        return !everything && named.containsAll(Set.of("pull", "push")) && !named.contains("delete");
    }

    /** Whether the role gives all of them. */
    boolean isAllOf(Role role) {
        return everything ? role == Role.MANAGER : role.repositoryActions().containsAll(named);
    }

    @Override
    public String toString() {
        return everything ? "*" : named.isEmpty() ? "nothing" : String.join(",", new TreeSet<>(named));
    }
}
