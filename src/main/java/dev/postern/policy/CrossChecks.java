package dev.postern.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The checks that need all accounts at once. */
final class CrossChecks {

    private CrossChecks() {}

    /**
     * Runs them.
     *
     * @param withPasswordFiles the accounts whose users are not in documents alone. Somebody else removes users there, and it
     *     must count, whatever names them still: that is a warning
     */
    static void run(
            Optional<NetworkRules> enterprise,
            Map<String, Account> accounts,
            Set<String> withPasswordFiles,
            Problems problems) {
        namespacesBelongToOneAccount(accounts, problems);
        digestsBelongToOneKey(accounts, problems);
        if (!problems.hasErrors()) {
            // An identity that could not be read would be missed here, for a reason that is reported already.
            subjectsExist(accounts, withPasswordFiles, problems);
            subjectsOfNetworksExist(enterprise, accounts, problems);
        }
        bareUserNamesAreUnique(accounts, problems);
        publicNamespacesAreReached(accounts, problems);
    }

    private static void publicNamespacesAreReached(Map<String, Account> accounts, Problems problems) {
        for (Account account : accounts.values()) {
            account.publicNamespaces().forEach((namespace, position) -> {
                boolean reached = account.bindings().stream()
                        .anyMatch(binding -> binding.subjects().contains(Subject.ANONYMOUS)
                                && !binding.roles().isEmpty()
                                && binding.namespace().map(namespace::equals).orElse(true));
                if (!reached) {
                    problems.warning(
                            position,
                            "the namespace '" + namespace
                                    + "' is public, and no binding gives anonymous anything in it: nobody gains by it");
                }
            });
        }
    }

    private static void namespacesBelongToOneAccount(Map<String, Account> accounts, Problems problems) {
        Map<String, Account> owners = new HashMap<>();
        for (Account account : accounts.values()) {
            for (String namespace : account.namespaces()) {
                Account earlier = owners.putIfAbsent(namespace, account);
                if (earlier != null) {
                    problems.error(
                            account.position(),
                            "the namespace '" + namespace + "' is the account '" + earlier.name() + "'s already ("
                                    + earlier.position() + ")");
                }
            }
        }
    }

    private static void digestsBelongToOneKey(Map<String, Account> accounts, Problems problems) {
        Map<String, Policy.KeyOwner> owners = new HashMap<>();
        for (Account account : accounts.values()) {
            for (Account.ServiceId serviceId : account.serviceIds().values()) {
                for (Account.ApiKey key : serviceId.apiKeys()) {
                    Policy.KeyOwner owner = new Policy.KeyOwner(account, serviceId, key);
                    Policy.KeyOwner earlier = owners.putIfAbsent(key.digest(), owner);
                    if (earlier != null) {
                        problems.error(
                                account.position(),
                                "one API key belongs to two: " + text(earlier) + "; and " + text(owner));
                    }
                }
            }
        }
    }

    private static String text(Policy.KeyOwner owner) {
        return owner.account().name() + "/" + owner.serviceId().name() + ", key "
                + owner.key().id();
    }

    private static void subjectsExist(Map<String, Account> accounts, Set<String> withPasswordFiles, Problems problems) {
        for (Account account : accounts.values()) {
            account.groups()
                    .forEach((group, members) -> members.forEach(member -> {
                        if (!exists(member, accounts)) {
                            missing(
                                    "group '" + group + "' of account '" + account.name() + "'",
                                    member,
                                    account.position(),
                                    withPasswordFiles,
                                    problems);
                        }
                    }));
            for (Binding binding : account.bindings()) {
                for (Subject subject : binding.subjects()) {
                    if (!exists(subject, accounts)) {
                        missing("the binding", subject, binding.position(), withPasswordFiles, problems);
                    }
                }
                if (binding.subjects().isEmpty()
                        || binding.roles().isEmpty() && binding.denied().isEmpty()) {
                    problems.warning(binding.position(), "the binding gives nothing to anybody");
                }
            }
        }
    }

    private static void missing(
            String what, Subject subject, Position position, Set<String> withPasswordFiles, Problems problems) {
        if (subject.kind() == Subject.Kind.USER && withPasswordFiles.contains(subject.account())) {
            problems.warning(
                    position, what + " names " + subject + ", whom neither the account nor its password file has");
        } else {
            problems.error(position, what + " names " + subject + ", which no account has");
        }
    }

    private static void subjectsOfNetworksExist(
            Optional<NetworkRules> enterprise, Map<String, Account> accounts, Problems problems) {
        NetworkSection.of(enterprise, accounts.values())
                .map(NetworkSection::rules)
                .forEach(rules -> {
                    rules.trustedServices().forEach((service, position) -> {
                        if (!exists(service, accounts)) {
                            problems.error(position, "the trusted service is " + service + ", which no account has");
                        }
                    });
                    for (Invariant invariant : rules.invariants()) {
                        invariant
                                .identity()
                                .filter(identity -> !exists(identity, accounts))
                                .ifPresent(identity -> problems.error(
                                        invariant.position(),
                                        "the identity is " + identity + ", which no account has"));
                    }
                });
    }

    private static boolean exists(Subject subject, Map<String, Account> accounts) {
        Account account = accounts.get(subject.account());
        return switch (subject.kind()) {
            case ANONYMOUS -> true;
            case SERVICE_ID -> account != null && account.serviceIds().containsKey(subject.name());
            case USER -> account != null && account.users().containsKey(subject.name());
            case FEDERATED -> account != null && account.federated().containsKey(subject.name());
            // Of which groups an issuer knows, only it can say; that it is known was seen to when the group was read.
            case OIDC_GROUP -> true;
            case OIDC -> false;
            case GROUP -> account != null && account.groups().containsKey(subject.name());
        };
    }

    private static void bareUserNamesAreUnique(Map<String, Account> accounts, Problems problems) {
        Map<String, Account> owners = new HashMap<>();
        for (Account account : accounts.values()) {
            Set<String> names = account.users().keySet();
            for (String name : names) {
                Account earlier = owners.putIfAbsent(name, account);
                if (earlier != null) {
                    problems.warning(
                            account.position(),
                            "the accounts '" + earlier.name() + "' and '" + account.name() + "' both have a user '"
                                    + name + "', who must now sign in as 'ACCOUNT/" + name + "'");
                }
            }
        }
    }
}
