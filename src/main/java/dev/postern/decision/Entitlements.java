package dev.postern.decision;

import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Binding;
import dev.postern.policy.Claims;
import dev.postern.policy.Policy;
import dev.postern.policy.Position;
import dev.postern.policy.RepositoryTemplate;
import dev.postern.policy.Role;
import dev.postern.policy.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the bindings of a policy give to identities, wherever they come from. */
final class Entitlements {

    /** What a public namespace gives to everybody. */
    static final String PULL = "pull";

    private static final String CATALOG = "catalog";
    private static final String EVERY_ACTION = "*";

    private final String region;

    /** The entitlements at a Postern of this region. */
    Entitlements(String region) {
        this.region = region;
    }

    /**
     * What the identity may do with a resource.
     *
     * @param owners whose resource it is
     * @param actions what it may do there
     * @param publicPull that anybody may pull it, where that is so and its namespace is public
     * @param denials what was taken away of what it might do else
     */
    record Entitlement(
            Collection<Account> owners, Set<String> actions, Optional<PublicPull> publicPull, List<Denial> denials) {
        static final Entitlement NONE = new Entitlement(List.of(), Set.of(), Optional.empty(), List.of());
    }

    /**
     * What one binding takes away of what others give.
     *
     * @param actions the actions
     * @param from by which of its subjects the identity is meant
     * @param position where it stands
     */
    record Denial(SortedSet<String> actions, Subject from, Position position) {

        /** By which name, as policies have it. */
        String fromWords() {
            return from.kind() == Subject.Kind.ANONYMOUS ? Subject.Kind.ANONYMOUS.documentName() : from.toString();
        }
    }

    /**
     * What bindings give to anonymous in a public namespace: to pull, and no more.
     *
     * @param owner whose namespace it is
     * @param namespace its name
     * @param position where it is said to be public
     */
    record PublicPull(Account owner, String namespace, Position position) {}

    /** What the identity may do, by whoever says it for this purpose. */
    Entitlement of(Policy policy, Identity identity, Scope scope, Purpose purpose) {
        return switch (purpose) {
            case Purpose.Token token -> of(policy, identity, scope);
            case Purpose.Passage passage ->
                switch (passage.warrant()) {
                    case Warrant.Bindings bindings -> of(policy, identity, scope);
                    case Warrant.Token token -> warranted(policy, scope, token.actions(scope), passage.account());
                    case Warrant.Source source -> warranted(policy, scope, scope.actions(), passage.account());
                };
        };
    }

    /** These actions, at whoever owns the resource; none at what nobody owns. */
    private Entitlement warranted(Policy policy, Scope scope, Set<String> actions, Optional<String> account) {
        Optional<Account> route = account.flatMap(policy::account);
        Optional<PublicPull> publicPull = Optional.empty();
        List<Account> owners;
        if (scope.type().equals("repository")) {
            Optional<Policy.Owned> owned = policy.ownerOf(scope.name());
            Optional<Account> owner = owned.map(Policy.Owned::account).or(() -> route);
            owners = owner.isPresent() ? List.of(owner.get()) : List.of();
            boolean isPublic = owned.isPresent()
                    && owned.get()
                            .account()
                            .publicNamespaces()
                            .containsKey(owned.get().namespace());
            if (isPublic) {
                publicPull = repository(policy, new Identity.Anonymous(), owned.get())
                        .publicPull();
            }
        } else if (scope.type().equals("registry") && scope.name().equals(CATALOG)) {
            List<Account> all = withNamespaces(policy);
            owners = all.isEmpty() ? route.stream().toList() : all;
        } else {
            owners = List.of();
        }
        return owners.isEmpty() ? Entitlement.NONE : new Entitlement(owners, actions, publicPull, List.of());
    }

    private static List<Account> withNamespaces(Policy policy) {
        return policy.accounts().stream()
                .filter(account -> !account.namespaces().isEmpty())
                .toList();
    }

    Entitlement of(Policy policy, Identity identity, Scope scope) {
        return switch (scope.type()) {
            case "repository" ->
                policy.ownerOf(scope.name())
                        .map(owned -> repository(policy, identity, owned))
                        .orElse(Entitlement.NONE);
            case "registry" -> scope.name().equals(CATALOG) ? catalog(policy, identity) : Entitlement.NONE;
            default -> Entitlement.NONE;
        };
    }

    private Entitlement repository(Policy policy, Identity identity, Policy.Owned owned) {
        Set<String> actions = new HashSet<>();
        Set<String> anybodys = new HashSet<>();
        List<Binding> denying = new ArrayList<>(0);
        Values values = values(identity);
        rolesOf(identity, owned.account()).forEach(role -> actions.addAll(role.repositoryActions()));
        for (Binding binding : owned.account().bindings()) {
            if (binding.covers(owned, values) && speaksOf(policy, binding, identity)) {
                if (!binding.denied().isEmpty()) {
                    denying.add(binding);
                }
                // Of somebody without credentials nothing is known that a template could name.
                boolean toAnybody = binding.subjects().contains(Subject.ANONYMOUS)
                        && !binding.repository().hasPlaces();
                for (Role role : binding.roles()) {
                    actions.addAll(role.repositoryActions());
                    if (toAnybody) {
                        anybodys.addAll(role.repositoryActions());
                    }
                }
            }
        }
        // Most requests meet none.
        List<Denial> denials = denying.isEmpty()
                ? List.of()
                : denying.stream()
                        .map(binding -> denial(policy, binding, identity, actions))
                        .toList();
        for (Binding binding : denying) {
            actions.removeAll(binding.denied());
            anybodys.removeAll(binding.denied());
            // To a registry it means every action, those that are denied too.
            actions.remove(EVERY_ACTION);
        }
        Optional<PublicPull> publicPull = Optional.ofNullable(
                        owned.account().publicNamespaces().get(owned.namespace()))
                .filter(position -> anybodys.contains(PULL))
                .map(position -> new PublicPull(owned.account(), owned.namespace(), position));
        return new Entitlement(List.of(owned.account()), actions, publicPull, denials);
    }

    private Denial denial(Policy policy, Binding binding, Identity identity, Set<String> given) {
        SortedSet<String> actions = new TreeSet<>(binding.denied());
        actions.add(EVERY_ACTION);
        actions.retainAll(given);
        return new Denial(actions, meant(policy, binding, identity).orElseThrow(), binding.position());
    }

    /**
     * The catalog lists the repositories of every account, so it takes a role in each that has any, on all that it has;
     * one account's reader must not learn what others call theirs.
     */
    private Entitlement catalog(Policy policy, Identity identity) {
        List<Account> owners = withNamespaces(policy);
        boolean mayList = !owners.isEmpty()
                && owners.stream()
                        .allMatch(account -> rolesOf(identity, account).stream().anyMatch(Role::catalog)
                                || account.bindings().stream()
                                        .anyMatch(binding -> binding.coversAccount()
                                                && binding.roles().stream().anyMatch(Role::catalog)
                                                && speaksOf(policy, binding, identity)));
        return mayList ? new Entitlement(owners, Set.of(EVERY_ACTION), Optional.empty(), List.of()) : Entitlement.NONE;
    }

    private boolean speaksOf(Policy policy, Binding binding, Identity identity) {
        return binding.region().map(region::equals).orElse(true)
                && meant(policy, binding, identity).isPresent();
    }

    /** By which of the binding's subjects the identity is meant. */
    private static Optional<Subject> meant(Policy policy, Binding binding, Identity identity) {
        // What anybody may do, somebody who has signed in may do, too: they need only leave their credentials out.
        if (binding.subjects().contains(Subject.ANONYMOUS)) {
            return Optional.of(Subject.ANONYMOUS);
        }
        for (Subject name : identity.names()) {
            if (binding.subjects().contains(name)) {
                return Optional.of(name);
            }
            for (Subject group : policy.groupsOf(name)) {
                if (binding.subjects().contains(group)) {
                    return Optional.of(group);
                }
            }
        }
        return Optional.empty();
    }

    /** The roles that its issuer says a caller to have, on all of its own account and on nothing else. */
    private static Set<Role> rolesOf(Identity identity, Account account) {
        return identity instanceof Identity.Federated federated
                        && federated.subject().account().equals(account.name())
                ? federated.roles()
                : Set.of();
    }

    private static Values values(Identity identity) {
        return switch (identity) {
            case Identity.Anonymous anonymous -> new Values(Optional.empty(), Claims.NONE);
            case Identity.Foreign foreign -> new Values(Optional.empty(), Claims.NONE);
            case Identity.Known known ->
                new Values(
                        switch (known.subject().kind()) {
                            case SERVICE_ID, USER -> Optional.of(known.subject().name());
                            case GROUP, FEDERATED, OIDC, OIDC_GROUP, ANONYMOUS -> Optional.empty();
                        },
                        Claims.NONE);
            // The name of a user must not be for an issuer to give away: a template names the claim that it means.
            case Identity.Federated federated -> new Values(Optional.empty(), federated.claims());
        };
    }

    private record Values(Optional<String> subjectName, Claims claims) implements RepositoryTemplate.Values {}
}
