package dev.postern.policy.importing;

import dev.postern.policy.Role;
import dev.postern.policy.importing.AclAnalysis.Grant;
import dev.postern.policy.writing.AccountText.BindingText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Grants as bindings: a role on the repositories of a namespace that a pattern matches. */
final class AclBindings {

    private static final String ANONYMOUS = "anonymous";

    private final ImportOptions options;
    private final List<String> namespaces;
    private final DockerAuthAcl remarks;
    private final Findings findings;
    private final Map<Key, Set<String>> subjects = new LinkedHashMap<>();

    /** What a binding says, but for whom. Without namespace and repository, it is for all of the account. */
    private record Key(AclEntry entry, Role role, Optional<String> namespace, Optional<String> repository) {}

    AclBindings(ImportOptions options, List<String> namespaces, DockerAuthAcl remarks, Findings findings) {
        this.options = options;
        this.namespaces = namespaces;
        this.remarks = remarks;
        this.findings = findings;
    }

    List<String> namespaces() {
        return namespaces;
    }

    boolean hasAnonymous() {
        return subjects.values().stream().anyMatch(set -> set.contains(ANONYMOUS));
    }

    /**
     * Adds an account's grants.
     *
     * @param lists whether the account may list the registry's repositories, which takes a role on all of them
     * @return whether one of the bindings lets it
     */
    boolean add(String subject, String account, List<Grant> grants, boolean lists) {
        boolean listed = false;
        for (Grant grant : grants) {
            Optional<Role> role = role(grant, account);
            if (role.isEmpty()) {
                continue;
            }
            boolean all = grant.names().stream().anyMatch(NameGlob::isEverything);
            if (all && lists && role.get().catalog()) {
                listed = true;
                bind(new Key(grant.entry(), role.get(), Optional.empty(), Optional.empty()), subject);
            } else {
                grant.names().forEach(name -> bind(grant, name, role.get(), subject, account));
            }
        }
        return listed;
    }

    private Optional<Role> role(Grant grant, String account) {
        AclActions actions = grant.actions();
        Optional<Role> role = actions.role();
        if (actions.isPullAndPush()) {
            if (options.pushAsWriter()) {
                return Optional.of(Role.WRITER);
            }
            remarks.remark(
                    grant.entry(),
                    grant.entry().shown() + " gives " + actions + ", which is Reader here: a Writer may also delete;"
                            + " --push-as-writer makes it a Writer",
                    account);
            return role;
        }
        if (role.isEmpty()) {
            remarks.cut(grant.entry(), account, "left out: no role gives no more than " + actions);
        } else if (!actions.isAllOf(role.get())) {
            remarks.cut(
                    grant.entry(),
                    account,
                    "as " + role.get().documentName() + ": no role gives " + actions + " and no more");
        }
        return role;
    }

    private void bind(Grant grant, NameGlob name, Role role, String subject, String account) {
        boolean somewhere = false;
        for (String namespace : namespaces) {
            for (NameGlob rest : name.rests(namespace + "/")) {
                if (!rest.meets(NameGlob.EVERYTHING)) {
                    continue;
                }
                somewhere = true;
                Optional<String> pattern = rest.toRepositoryPattern();
                if (pattern.isEmpty()) {
                    remarks.cut(grant.entry(), account, "left out: no pattern here says which repositories it means");
                    continue;
                }
                bind(new Key(grant.entry(), role, Optional.of(namespace), pattern), subject);
                if (pattern.get().chars().allMatch(c -> c == '*') && !name.matches(namespace)) {
                    findings.warning(
                            grant.entry().at(),
                            grant.entry().shown() + " is for repositories below " + Findings.shown(namespace)
                                    + "; here it is for one that is called just that, too: an asterisk may stand for"
                                    + " nothing");
                }
            }
        }
        if (!somewhere) {
            remarks.cut(
                    grant.entry(),
                    account,
                    "left out: its repositories are below no namespace of the account; --namespace adds some");
        }
    }

    private void bind(Key key, String subject) {
        subjects.computeIfAbsent(key, any -> new LinkedHashSet<>()).add(subject);
    }

    /** The bindings. */
    List<BindingText> texts() {
        List<BindingText> texts = new ArrayList<>();
        subjects.forEach((key, set) -> texts.add(new BindingText(
                set.contains(ANONYMOUS) ? List.of(ANONYMOUS) : List.copyOf(set),
                key.role(),
                key.namespace(),
                key.repository(),
                Optional.of(key.entry().origin()))));
        return texts;
    }
}
