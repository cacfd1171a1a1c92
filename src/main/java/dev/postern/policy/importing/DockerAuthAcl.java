package dev.postern.policy.importing;

import dev.postern.policy.BcryptHash;
import dev.postern.policy.Names;
import dev.postern.policy.Position;
import dev.postern.policy.importing.AclAnalysis.Grant;
import dev.postern.policy.importing.AclReader.Acl;
import dev.postern.policy.writing.AccountText;
import dev.postern.policy.writing.AccountText.ServiceIdText;
import dev.postern.policy.writing.AccountText.UserText;
import dev.postern.policy.writing.PolicyText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The access control list of docker_auth, whose first matching entry decides, as identities, bindings and network rules.
 *
 * <p>Patterns of accounts are resolved to those accounts that the file names. What an account may do is worked out by
 * {@link AclAnalysis}, from where by {@link AclNetworks}, and on what by {@link AclBindings}.
 */
final class DockerAuthAcl implements AclAnalysis.Remarks {

    /** What docker_auth calls a caller without credentials. */
    static final String ANONYMOUS = "";

    private static final int MAX_ACCOUNTS = 5_000;

    private final ImportOptions options;
    private final Findings findings;
    private final Map<String, Set<String>> accountsByRemark = new LinkedHashMap<>();
    private final Map<String, Position> placeOfRemark = new LinkedHashMap<>();

    DockerAuthAcl(ImportOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    PolicyText policy(List<Value> roots) {
        if (roots.size() > 1) {
            findings.error(roots.get(1).at(), "a second list; import each into an account of its own");
        }
        Acl acl = new AclReader(findings).read(roots.getFirst());
        if (findings.hasErrors()) {
            return new PolicyText(List.of(), List.of(), accountOf(List.of(), List.of()));
        }
        try {
            return policy(acl, roots.getFirst().at());
        } catch (AclAnalysis.TooMuch e) {
            findings.error(roots.getFirst().at(), "too many accounts and entries to hold against each other");
            return new PolicyText(List.of(), List.of(), accountOf(List.of(), List.of()));
        }
    }

    private PolicyText policy(Acl acl, Position at) {
        AclAnalysis analysis = new AclAnalysis(acl.entries(), this);
        Set<String> accounts = accounts(acl, analysis, at);
        Map<String, List<Grant>> grants = new LinkedHashMap<>();
        accounts.forEach(account -> grants.put(account, analysis.grants(account)));
        AclNetworks networks = AclNetworks.of(grants, this);
        AclBindings bindings = new AclBindings(options, namespaces(networks.grants()), this, findings);
        networks.grants().forEach((account, kept) -> {
            AclAnalysis.Listing listing = analysis.listing(account);
            boolean lists = networks.from(account).minus(listing.from()).isEmpty();
            if (!bindings.add(subject(account, acl), account, kept, lists)) {
                listing.by()
                        .ifPresent(entry -> remark(
                                entry,
                                entry.shown()
                                        + " allows to list the registry (registry:catalog:*), which is left out: it"
                                        + " takes Reader or Manager on all repositories, from the same addresses",
                                account));
            }
        });
        flushRemarks();
        List<UserText> users = new ArrayList<>();
        List<ServiceIdText> serviceIds = new ArrayList<>();
        for (String account : accounts) {
            if (!account.equals(ANONYMOUS)) {
                usableHash(account, acl)
                        .ifPresentOrElse(
                                hash -> users.add(new UserText(account, hash, networks.own(account))),
                                () -> serviceIds.add(new ServiceIdText(account, networks.own(account))));
            }
        }
        if (!serviceIds.isEmpty()) {
            findings.warning(
                    at,
                    count(serviceIds.size(), "account")
                            + " without a bcrypt hash in the file: as service ids that nobody"
                            + " can sign in as; give them API keys (postern key create), or make them users");
        }
        if (bindings.namespaces().isEmpty()) {
            findings.warning(at, "no namespaces: name those of the account with --namespace");
        }
        if (bindings.hasAnonymous()) {
            findings.warning(at, "what is bound to 'anonymous' is for everyone here, signed in or not");
        }
        return new PolicyText(
                List.of(),
                List.of(),
                new AccountText(
                        options.account(),
                        bindings.namespaces(),
                        networks.account(),
                        users,
                        serviceIds,
                        bindings.texts()));
    }

    private AccountText accountOf(List<UserText> users, List<ServiceIdText> serviceIds) {
        return new AccountText(options.account(), List.of(), Optional.empty(), users, serviceIds, List.of());
    }

    /** The accounts that the file names, the anonymous one among them where it may come in. */
    private Set<String> accounts(Acl acl, AclAnalysis analysis, Position at) {
        Set<String> named = new LinkedHashSet<>();
        acl.passwords().ifPresent(users -> named.addAll(users.keySet()));
        for (AclEntry entry : acl.entries()) {
            if (entry.account().isEmpty()) {
                continue;
            }
            Optional<List<NameGlob>> patterns =
                    analysis.alternatives(entry.account().get(), ANONYMOUS);
            List<NameGlob> open = new ArrayList<>();
            patterns.orElse(List.of())
                    .forEach(glob -> glob.literal().ifPresentOrElse(named::add, () -> open.add(glob)));
            if ((patterns.isEmpty() || !open.isEmpty()) && !entry.actions().isEmpty()) {
                findings.warning(
                        entry.at(),
                        entry.shown() + " is for whoever "
                                + Findings.shown(entry.account().get())
                                + " matches; here it is for those that the file names");
            }
        }
        named.remove(ANONYMOUS);
        Set<String> accounts = new LinkedHashSet<>();
        for (String name : named) {
            if (Names.isName(name)) {
                accounts.add(name);
            } else {
                findings.warning(at, "the account " + Findings.shown(name) + " is left out: " + Names.NAME_FORM);
            }
        }
        if (accounts.size() > MAX_ACCOUNTS) {
            findings.error(at, "more than " + MAX_ACCOUNTS + " accounts");
            return Set.of();
        }
        if (acl.passwords().map(users -> users.containsKey(ANONYMOUS)).orElse(true)) {
            accounts.add(ANONYMOUS);
        } else {
            findings.warning(at, "the file's users have no \"\": callers without credentials get nothing");
        }
        return accounts;
    }

    private List<String> namespaces(Map<String, List<Grant>> grants) {
        Set<String> found = new TreeSet<>();
        grants.values()
                .forEach(list -> list.forEach(grant -> grant.names()
                        .forEach(name ->
                                name.firstSegment().filter(Names::isNamespace).ifPresent(found::add))));
        Set<String> namespaces = new LinkedHashSet<>(options.namespaces());
        namespaces.addAll(found);
        return List.copyOf(namespaces);
    }

    private static String subject(String account, Acl acl) {
        if (account.equals(ANONYMOUS)) {
            return "anonymous";
        }
        return (usableHash(account, acl).isPresent() ? "user:" : "service-id:") + account;
    }

    private static Optional<String> usableHash(String account, Acl acl) {
        return acl.passwords()
                .flatMap(users -> users.getOrDefault(account, Optional.empty()))
                .filter(BcryptHash::isUsable);
    }

    @Override
    public void cut(AclEntry entry, String account, String why) {
        remark(entry, entry.shown() + " is taken over in part or not at all. " + why, account);
    }

    @Override
    public void open(AclEntry denying, AclEntry opening, String account) {
        findings.error(
                denying.at(),
                denying.shown() + " denies by a condition that cannot be said; leaving it out would let "
                        + opening.shown() + " open what it closes");
    }

    /** Says something of an entry for an account; what is the same for several is said once. */
    void remark(AclEntry entry, String text, String account) {
        placeOfRemark.putIfAbsent(text, entry.at());
        accountsByRemark.computeIfAbsent(text, key -> new LinkedHashSet<>()).add(account);
    }

    private void flushRemarks() {
        accountsByRemark.forEach((text, accounts) -> {
            List<String> shown = accounts.stream()
                    .limit(3)
                    .map(account -> account.equals(ANONYMOUS) ? "anonymous" : Findings.shown(account))
                    .toList();
            String more = accounts.size() > shown.size() ? " and " + (accounts.size() - shown.size()) + " more" : "";
            findings.warning(
                    Objects.requireNonNull(placeOfRemark.get(text)),
                    text + " (for " + String.join(", ", shown) + more + ")");
        });
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
