package dev.postern.identity.federation;

import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Claims;
import dev.postern.policy.Policy;
import dev.postern.policy.Policy.FederatedOwner;
import dev.postern.policy.Role;
import dev.postern.policy.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds whose a caller is: of the account whose entry its claims match, or that its issuer names and is believed in.
 *
 * <p>One account, or none: where several would take it, the caller must say which it means.
 */
public final class Federation {

    /** More groups than these are not looked at; who is in so many is in any. */
    private static final int MOST_GROUPS = 256;

    private Federation() {}

    /** Whose a caller is. */
    public sealed interface Finding {}

    /** An account's. */
    public record Found(Identity.Federated identity) implements Finding {}

    /**
     * Nobody's.
     *
     * @param subject what its issuer calls it, printable; empty where that cannot be taken
     * @param why for the audit
     */
    public record Nobody(Optional<String> subject, String why) implements Finding {}

    /**
     * Finds the account.
     *
     * @param said what the issuer says of the caller; verified
     * @param credential what the caller was known by, for the audit; never the credential
     * @param named the account that the caller means, where it says so
     */
    public static Finding find(
            Policy policy, IssuerRules rules, Claims said, String credential, Optional<String> named) {
        List<String> subjects = said.texts(rules.subjectClaim());
        if (subjects.size() != 1) {
            return new Nobody(Optional.empty(), "the token has no one subject (" + rules.subjectClaim() + ")");
        }
        // Of an account that none can have, only to print it.
        Optional<String> shown =
                Subject.oidc("", rules.issuer(), subjects.getFirst()).map(Subject::name);
        if (shown.isEmpty()) {
            return new Nobody(shown, "the token's subject is no text of 1 to " + Subject.MAX_FOREIGN + " characters");
        }
        Map<String, List<Account.Federated>> candidates = candidates(policy, rules, said);
        Optional<String> account = named.isPresent()
                ? named.filter(candidates::containsKey)
                : candidates.keySet().stream().findFirst().filter(only -> candidates.size() == 1);
        if (account.isEmpty()) {
            return new Nobody(
                    shown,
                    candidates.isEmpty() || named.isPresent()
                            ? "no account takes it for its own"
                            : "several accounts take it for their own, and the caller names none");
        }
        return Subject.oidc(account.get(), rules.issuer(), subjects.getFirst())
                .<Finding>map(subject -> new Found(new Identity.Federated(
                        subject,
                        credential,
                        candidates.getOrDefault(account.get(), List.of()),
                        groups(rules, said),
                        roles(rules, said),
                        said)))
                .orElseThrow();
    }

    /** The accounts that take it, each with the entries by which it does. */
    private static Map<String, List<Account.Federated>> candidates(Policy policy, IssuerRules rules, Claims said) {
        Map<String, List<Account.Federated>> candidates = new TreeMap<>();
        for (FederatedOwner owner : policy.federated(rules.issuer())) {
            if (rules.admits(owner.account().name()) && owner.entry().matches(rules.issuer(), said)) {
                candidates
                        .computeIfAbsent(owner.account().name(), name -> new ArrayList<>())
                        .add(owner.entry());
            }
        }
        candidates.values().forEach(entries -> entries.sort(Comparator.comparing(Account.Federated::name)));
        rules.accountClaim()
                .map(said::texts)
                .filter(texts -> texts.size() == 1)
                .map(List::getFirst)
                .filter(rules::admits)
                .filter(account -> policy.account(account).isPresent())
                .ifPresent(account -> candidates.computeIfAbsent(account, name -> new ArrayList<>()));
        return candidates;
    }

    private static Set<Subject> groups(IssuerRules rules, Claims said) {
        Set<Subject> groups = new LinkedHashSet<>();
        rules.groupsClaim().map(said::texts).stream()
                .flatMap(List::stream)
                .limit(MOST_GROUPS)
                .forEach(group -> Subject.oidcGroup(rules.issuer(), group).ifPresent(groups::add));
        return groups;
    }

    private static Set<Role> roles(IssuerRules rules, Claims said) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        rules.rolesClaim().map(said::texts).stream()
                .flatMap(List::stream)
                .map(rules.roles()::get)
                .forEach(role -> Optional.ofNullable(role).ifPresent(roles::add));
        return roles;
    }
}
