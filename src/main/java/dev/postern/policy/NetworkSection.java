package dev.postern.policy;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network section of a policy, and whose it is.
 *
 * @param ruleset what explanations call it: {@code enterprise}, {@code account acme}, {@code service-id:acme/bot}
 * @param account the account in which it stands; empty for the enterprise's
 * @param identity whose own it is; empty for an account's and the enterprise's
 * @param rules what it says
 */
public record NetworkSection(
        String ruleset, Optional<Account> account, Optional<Subject> identity, NetworkRules rules) {

    /** What explanations call the ceiling over all accounts. */
    public static final String ENTERPRISE = "enterprise";

    /** What stands before an account's name in explanations. */
    public static final String ACCOUNT = "account ";

    /** What explanations call an account's rules. */
    public static String nameOf(Account account) {
        return nameOf(account.name());
    }

    /** What explanations call the rules of the account of this name. */
    public static String nameOf(String account) {
        return ACCOUNT + account;
    }

    /** All sections of the policy: the enterprise's, and those of each account with its identities'. */
    public static Stream<NetworkSection> of(Policy policy) {
        return of(policy.enterprise(), policy.accounts());
    }

    static Stream<NetworkSection> of(Optional<NetworkRules> enterprise, Collection<Account> accounts) {
        return Stream.concat(
                enterprise
                        .map(rules -> new NetworkSection(ENTERPRISE, Optional.empty(), Optional.empty(), rules))
                        .stream(),
                accounts.stream().flatMap(NetworkSection::of));
    }

    private static Stream<NetworkSection> of(Account account) {
        Stream<NetworkSection> own = account
                .network()
                .map(rules -> new NetworkSection(nameOf(account), Optional.of(account), Optional.empty(), rules))
                .stream();
        Stream<NetworkSection> serviceIds = account.serviceIds().values().stream()
                .flatMap(id -> of(account, Subject.Kind.SERVICE_ID, id.name(), id.network()));
        Stream<NetworkSection> users = account.users().values().stream()
                .flatMap(user -> of(account, Subject.Kind.USER, user.name(), user.network()));
        Stream<NetworkSection> federated = account.federated().values().stream()
                .flatMap(entry -> of(account, Subject.Kind.FEDERATED, entry.name(), entry.network()));
        return Stream.of(own, serviceIds, users, federated).flatMap(sections -> sections);
    }

    private static Stream<NetworkSection> of(
            Account account, Subject.Kind kind, String name, Optional<NetworkRules> network) {
        return network
                .map(rules -> {
                    Subject identity = new Subject(kind, account.name(), name);
                    return new NetworkSection(identity.toString(), Optional.of(account), Optional.of(identity), rules);
                })
                .stream();
    }
}
