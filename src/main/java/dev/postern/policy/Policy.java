package dev.postern.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All accounts, compiled and checked. Immutable: a change is another policy. */
public final class Policy {

    private final Optional<NetworkRules> enterprise;
    private final Map<String, Zone> zones;
    private final Map<String, Account> accounts;
    private final Map<String, Account> accountByNamespace = new HashMap<>();
    private final Map<String, KeyOwner> keyOwners = new HashMap<>();
    private final Map<String, UserOwner> userByLogin = new HashMap<>();
    private final Map<String, List<FederatedOwner>> federatedByIssuer = new HashMap<>();
    private final Map<Subject, Set<Subject>> groupsOf = new HashMap<>();
    private final List<Problem> warnings;
    private final String version;
    private final int ruleCount;
    private final int highestBcryptCost;

    /** Where an API key belongs. */
    public record KeyOwner(Account account, Account.ServiceId serviceId, Account.ApiKey key) {}

    /** Where a user belongs. */
    public record UserOwner(Account account, Account.User user) {}

    /** Where an entry of federated callers belongs. */
    public record FederatedOwner(Account account, Account.Federated entry) {}

    Policy(
            Map<String, Zone> zones,
            Optional<NetworkRules> enterprise,
            Map<String, Account> accounts,
            List<Problem> warnings,
            String version) {
        this.zones = Map.copyOf(zones);
        this.enterprise = enterprise;
        // In the order of the documents: a map whose order differs by process would decide differently by replica.
        this.accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
        this.warnings = List.copyOf(warnings);
        this.version = version;
        Set<String> ambiguous = new HashSet<>();
        int rules = count(enterprise);
        int cost = BcryptHash.MIN_COST;
        for (Account account : accounts.values()) {
            account.namespaces().forEach(namespace -> accountByNamespace.put(namespace, account));
            rules += count(account.network());
            for (Account.ServiceId serviceId : account.serviceIds().values()) {
                serviceId.apiKeys().forEach(key -> keyOwners.put(key.digest(), new KeyOwner(account, serviceId, key)));
                rules += count(serviceId.network());
            }
            for (Account.User user : account.users().values()) {
                UserOwner owner = new UserOwner(account, user);
                userByLogin.put(account.name() + "/" + user.name(), owner);
                if (userByLogin.put(user.name(), owner) != null) {
                    ambiguous.add(user.name());
                }
                cost = Math.max(cost, BcryptHash.cost(user.passwordHash()));
                rules += count(user.network());
            }
            for (Account.Federated entry : account.federated().values()) {
                federatedByIssuer
                        .computeIfAbsent(entry.issuer(), issuer -> new ArrayList<>())
                        .add(new FederatedOwner(account, entry));
                rules += count(entry.network());
            }
            account.groups()
                    .forEach((group, members) ->
                            members.forEach(member -> groupsOf.computeIfAbsent(member, m -> new HashSet<>())
                                    .add(new Subject(Subject.Kind.GROUP, account.name(), group))));
        }
        ambiguous.forEach(userByLogin::remove);
        this.ruleCount = rules;
        this.highestBcryptCost = cost;
    }

    private static int count(Optional<NetworkRules> network) {
        return network.map(NetworkRules::ruleCount).orElse(0);
    }

    /** The ceiling over all accounts: whatever they say, it must admit every request. */
    public Optional<NetworkRules> enterprise() {
        return enterprise;
    }

    /** The zone of this name. */
    public Optional<Zone> zone(String name) {
        return Optional.ofNullable(zones.get(name));
    }

    /** The account of this name. */
    public Optional<Account> account(String name) {
        return Optional.ofNullable(accounts.get(name));
    }

    /** From when on tokens of this identity count; those issued before are refused. */
    public Optional<Instant> tokensNotBefore(Subject subject) {
        return account(subject.account())
                .flatMap(account -> account.tokensNotBefore().of(subject));
    }

    /** All accounts, in the order of the documents. */
    public Collection<Account> accounts() {
        return accounts.values();
    }

    /** A repository's owner, the namespace that made it so, and the rest of the name. */
    public record Owned(Account account, String namespace, String rest) {}

    /** The owner of a repository: the account of the longest namespace that its name begins with, segment by segment. */
    public Optional<Owned> ownerOf(String repository) {
        int end = repository.length();
        while (end > 0) {
            String prefix = repository.substring(0, end);
            Account account = accountByNamespace.get(prefix);
            if (account != null) {
                String rest = end == repository.length() ? "" : repository.substring(end + 1);
                return Optional.of(new Owned(account, prefix, rest));
            }
            end = repository.lastIndexOf('/', end - 1);
        }
        return Optional.empty();
    }

    /** The owner of the API key with this SHA-256 digest, in lower-case hexadecimal. */
    public Optional<KeyOwner> keyOwner(String digest) {
        return Optional.ofNullable(keyOwners.get(digest));
    }

    /** The user who signs in as {@code account/name}, or as {@code name} where one account only has such a user. */
    public Optional<UserOwner> user(String login) {
        return Optional.ofNullable(userByLogin.get(login));
    }

    /** The entries of all accounts that take callers of this issuer for their own. */
    public List<FederatedOwner> federated(String issuer) {
        return Collections.unmodifiableList(federatedByIssuer.getOrDefault(issuer, List.of()));
    }

    /** The groups that a subject is a member of. */
    public Set<Subject> groupsOf(Subject subject) {
        return groupsOf.getOrDefault(subject, Set.of());
    }

    /** What looks like a mistake. */
    public List<Problem> warnings() {
        return warnings;
    }

    /** A digest of the documents: two policies of the same text have the same version. */
    public String version() {
        return version;
    }

    /** How many network rules there are. */
    public int ruleCount() {
        return ruleCount;
    }

    /** The cost of the slowest password hash, so that an unknown user can take as long. */
    public int highestBcryptCost() {
        return highestBcryptCost;
    }
}
