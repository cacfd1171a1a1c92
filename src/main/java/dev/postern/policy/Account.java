package dev.postern.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * An account: it owns namespaces, names identities, and says from where both may be used.
 *
 * @param name its name
 * @param namespaces the namespaces that it owns
 * @param publicNamespaces those of them that are public, and where each stands: what is bound to anonymous there may be
 *     pulled whatever the allow lists say
 * @param network its network rules; empty where it has none, which admits every known source
 * @param serviceIds by name
 * @param users by name
 * @param federated whose tokens of issuers are the account's own, by name
 * @param groups the subjects of each group, by the group's name
 * @param bindings who may do what
 * @param tokensNotBefore which tokens of its identities are too old
 * @param position where it stands
 */
public record Account(
        String name,
        Set<String> namespaces,
        Map<String, Position> publicNamespaces,
        Optional<NetworkRules> network,
        Map<String, ServiceId> serviceIds,
        Map<String, User> users,
        Map<String, Federated> federated,
        Map<String, Set<Subject>> groups,
        List<Binding> bindings,
        TokensNotBefore tokensNotBefore,
        Position position) {

    /** Keeps its own copies. */
    public Account {
        namespaces = Set.copyOf(namespaces);
        publicNamespaces = Map.copyOf(publicNamespaces);
        serviceIds = Map.copyOf(serviceIds);
        users = Map.copyOf(users);
        federated = Map.copyOf(federated);
        groups = Map.copyOf(groups);
        bindings = List.copyOf(bindings);
    }

    /** This account with these users, too. */
    Account with(Map<String, User> more) {
        Map<String, User> all = new HashMap<>(users);
        all.putAll(more);
        return new Account(
                name,
                namespaces,
                publicNamespaces,
                network,
                serviceIds,
                all,
                federated,
                groups,
                bindings,
                tokensNotBefore,
                position);
    }

    /** This account with the zones of its rules, and of its identities' rules, taken from those. */
    Account linkedTo(Zones zones) {
        Optional<NetworkRules> linkedNetwork = network.map(rules -> rules.linkedTo(zones));
        Map<String, ServiceId> linkedServiceIds = linked(serviceIds, id -> id.linkedTo(zones));
        Map<String, User> linkedUsers = linked(users, user -> user.linkedTo(zones));
        Map<String, Federated> linkedFederated = linked(federated, entry -> entry.linkedTo(zones));
        boolean same = isSame(network, linkedNetwork)
                && linkedServiceIds == serviceIds
                && linkedUsers == users
                && linkedFederated == federated;
        return same
                ? this
                : new Account(
                        name,
                        namespaces,
                        publicNamespaces,
                        linkedNetwork,
                        linkedServiceIds,
                        linkedUsers,
                        linkedFederated,
                        groups,
                        bindings,
                        tokensNotBefore,
                        position);
    }

    /** The map itself where linking changes nothing: most identities have no rules of their own. */
    private static <T> Map<String, T> linked(Map<String, T> map, UnaryOperator<T> link) {
        Map<String, T> changed = new HashMap<>();
        map.forEach((key, value) -> {
            T linked = link.apply(value);
            if (linked != value) {
                changed.put(key, linked);
            }
        });
        if (changed.isEmpty()) {
            return map;
        }
        Map<String, T> all = new HashMap<>(map);
        all.putAll(changed);
        return all;
    }

    private static boolean isSame(Optional<NetworkRules> before, Optional<NetworkRules> after) {
        return before.isEmpty() || before.get() == after.get();
    }

    /**
     * A machine's identity.
     *
     * @param name its name
     * @param apiKeys its keys
     * @param network rules that narrow the account's for this identity
     */
    public record ServiceId(String name, List<ApiKey> apiKeys, Optional<NetworkRules> network) {
        /** Keeps its own copy. */
        public ServiceId {
            apiKeys = List.copyOf(apiKeys);
        }

        private ServiceId linkedTo(Zones zones) {
            Optional<NetworkRules> linked = network.map(rules -> rules.linkedTo(zones));
            return isSame(network, linked) ? this : new ServiceId(name, apiKeys, linked);
        }
    }

    /**
     * An API key, of which only a digest is known.
     *
     * @param id its name, for the audit
     * @param digest the SHA-256 of its UTF-8 text, in lower-case hexadecimal
     */
    public record ApiKey(String id, String digest) {
        /** Leaves the digest out. */
        @Override
        public String toString() {
            return "ApiKey[" + id + "]";
        }
    }

    /**
     * A person's identity.
     *
     * @param name the name to sign in with
     * @param passwordHash bcrypt, as {@code htpasswd -B} writes it
     * @param network rules that narrow the account's for this identity
     */
    public record User(String name, String passwordHash, Optional<NetworkRules> network) {
        /** Leaves the hash out. */
        @Override
        public String toString() {
            return "User[" + name + "]";
        }

        private User linkedTo(Zones zones) {
            Optional<NetworkRules> linked = network.map(rules -> rules.linkedTo(zones));
            return isSame(network, linked) ? this : new User(name, passwordHash, linked);
        }
    }

    /**
     * Callers whom an issuer knows, and whom the account takes for its own.
     *
     * @param name the entry's name
     * @param issuer the issuer's name in the operator's settings
     * @param claims what each of these claims must be, by its path; one at least
     * @param network rules that narrow the account's for these callers
     * @param position where it stands
     */
    public record Federated(
            String name,
            String issuer,
            Map<String, ClaimPattern> claims,
            Optional<NetworkRules> network,
            Position position) {
        /** Keeps its own copy. */
        public Federated {
            claims = Map.copyOf(claims);
        }

        /** Whether a caller of whom the issuer says this is meant: every claim must be there, and match. */
        public boolean matches(String saidBy, Claims said) {
            return issuer.equals(saidBy)
                    && !claims.isEmpty()
                    && claims.entrySet().stream()
                            .allMatch(
                                    claim -> said.texts(claim.getKey()).stream().anyMatch(claim.getValue()::matches));
        }

        /** Whether the same callers are meant. */
        public boolean meansTheSameAs(Federated other) {
            return name.equals(other.name) && issuer.equals(other.issuer) && claims.equals(other.claims);
        }

        private Federated linkedTo(Zones zones) {
            Optional<NetworkRules> linked = network.map(rules -> rules.linkedTo(zones));
            return isSame(network, linked) ? this : new Federated(name, issuer, claims, linked, position);
        }
    }
}
