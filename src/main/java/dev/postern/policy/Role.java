package dev.postern.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What a binding gives, as in IAM. */
public enum Role {
    /** Pull and catalog. */
    READER("Reader", Set.of("pull"), true),
    /** Pull, push and delete. */
    WRITER("Writer", Set.of("pull", "push", "delete"), false),
    /** All of it. */
    MANAGER("Manager", Set.of("pull", "push", "delete", "*"), true);

    private final String documentName;
    private final Set<String> repositoryActions;
    private final boolean catalog;

    Role(String documentName, Set<String> repositoryActions, boolean catalog) {
        this.documentName = documentName;
        this.repositoryActions = repositoryActions;
        this.catalog = catalog;
    }

    /** The role of this name, as policies spell it. */
    public static Optional<Role> of(String documentName) {
        return Arrays.stream(values())
                .filter(role -> role.documentName.equals(documentName))
                .findFirst();
    }

    /** The name in policies. */
    public String documentName() {
        return documentName;
    }

    /** The actions that it gives on a repository. */
    public Set<String> repositoryActions() {
        return repositoryActions;
    }

    /** Whether it gives the listing of the registry's repositories. */
    public boolean catalog() {
        return catalog;
    }
}
