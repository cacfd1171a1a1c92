package dev.postern.decision;

import dev.postern.decision.Decision.Grant;
import dev.postern.decision.Decision.Granted;
import dev.postern.decision.Decision.Refused;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Binding;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.Policy;
import dev.postern.policy.Role;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Decides. Two rulesets apply, and both must admit the source: that of the identity's account, with the identity's own,
 * and that of the account that owns the resource. Refusal by the first refuses the token; refusal by the second takes
 * away the scope's actions, and the token too when no scope keeps an action for that reason.
 */
public final class Gate {

    private static final String CATALOG = "catalog";

    private final String region;
    private final Optional<String> referUrl;

    /**
     * A gate for a Postern in this region.
     *
     * @param region the region; bindings to another grant nothing
     * @param referUrl where a refused caller can ask for access
     */
    public Gate(String region, Optional<String> referUrl) {
        this.region = region;
        this.referUrl = referUrl;
    }

    /** Decides the request by the policy, at the instant. */
    public Decision decide(Policy policy, AccessRequest request, Instant now) {
        Explanation.Builder explanation = new Explanation.Builder();
        if (request.source() instanceof UnknownSource unknown) {
            explanation.add("source", unknown.why().wireName(), Outcome.REFUSED, Optional.empty());
            return refused(Reason.SOURCE_UNKNOWN, request.source(), explanation);
        }
        return switch (request.authentication()) {
            case Authentication.Authenticated known -> decide(policy, request, known.identity(), now, explanation);
            case Authentication.Rejected rejected -> {
                explanation.add("credentials", "wrong", Outcome.REFUSED, Optional.empty());
                yield refused(Reason.BAD_CREDENTIALS, request.source(), explanation);
            }
            case Authentication.NotAttempted notAttempted -> {
                explanation.add("credentials", "not judged", Outcome.REFUSED, Optional.empty());
                yield refused(Reason.UNAVAILABLE, request.source(), explanation);
            }
            case Authentication.Unavailable unavailable -> {
                explanation.add("credentials", unavailable.why(), Outcome.REFUSED, Optional.empty());
                yield refused(Reason.UNAVAILABLE, request.source(), explanation);
            }
        };
    }

    /** The refusal of every request while there is no policy. */
    public Decision withoutPolicy(AccessRequest request) {
        Explanation.Builder explanation = new Explanation.Builder();
        explanation.add("policy", "none is loaded", Outcome.REFUSED, Optional.empty());
        return refused(Reason.UNAVAILABLE, request.source(), explanation);
    }

    private Decision decide(
            Policy policy, AccessRequest request, Identity identity, Instant now, Explanation.Builder explanation) {
        Subject subject = identity.subject();
        Optional<Account> own = policy.account(subject.account());
        if (own.isPresent()) {
            Reason reason =
                    judge("account " + own.get().name(), own.get().network(), request.source(), now, explanation);
            if (reason == Reason.GRANTED) {
                reason = judge(subject.toString(), ownNetwork(own.get(), subject), request.source(), now, explanation);
            }
            if (reason != Reason.GRANTED) {
                return refused(reason, request.source(), explanation);
            }
        } else if (identity instanceof Identity.Known) {
            // The identity was known by an older policy than the one that decides.
            explanation.add("credentials", "the account is gone", Outcome.REFUSED, Optional.empty());
            return refused(Reason.BAD_CREDENTIALS, request.source(), explanation);
        }
        return resources(policy, request, identity, now, explanation);
    }

    private static Optional<NetworkRules> ownNetwork(Account account, Subject subject) {
        return switch (subject.kind()) {
            case SERVICE_ID ->
                Optional.ofNullable(account.serviceIds().get(subject.name())).flatMap(Account.ServiceId::network);
            case USER ->
                Optional.ofNullable(account.users().get(subject.name())).flatMap(Account.User::network);
            case GROUP, ANONYMOUS -> Optional.empty();
        };
    }

    /** {@link Reason#GRANTED}, or why the ruleset refuses and enforces it. */
    private static Reason judge(
            String ruleset,
            Optional<NetworkRules> network,
            Source source,
            Instant now,
            Explanation.Builder explanation) {
        if (network.isEmpty()) {
            return Reason.GRANTED;
        }
        NetworkRules rules = network.get();
        if (rules.enforcement() == Enforcement.OFF) {
            explanation.add(ruleset, "enforcement is off", Outcome.PASSED, Optional.of(rules.position()));
            return Reason.GRANTED;
        }
        NetworkVerdict verdict = NetworkVerdict.of(rules, source, now);
        if (verdict.admits()) {
            explanation.add(ruleset, verdict.finding(), Outcome.PASSED, verdict.position());
            return Reason.GRANTED;
        }
        boolean reportOnly = rules.enforcement() == Enforcement.REPORT;
        explanation.add(
                ruleset, verdict.finding(), reportOnly ? Outcome.WOULD_REFUSE : Outcome.REFUSED, verdict.position());
        return reportOnly ? Reason.GRANTED : verdict.reason();
    }

    private Decision resources(
            Policy policy, AccessRequest request, Identity identity, Instant now, Explanation.Builder explanation) {
        List<Grant> grants = new ArrayList<>(request.scopes().size());
        Reason networkRefusal = Reason.GRANTED;
        boolean anyKept = false;
        for (Scope scope : request.scopes()) {
            Entitlement entitlement = entitlement(policy, identity, scope);
            SortedSet<String> actions = intersect(scope.actions(), entitlement.actions());
            Reason reason = Reason.GRANTED;
            if (actions.isEmpty()) {
                reason = scope.actions().isEmpty() ? Reason.GRANTED : Reason.NOT_PERMITTED;
            } else {
                for (Account owner : entitlement.owners()) {
                    // The identity's own account has been asked already.
                    if (reason == Reason.GRANTED
                            && !owner.name().equals(identity.subject().account())) {
                        reason = judge("account " + owner.name(), owner.network(), request.source(), now, explanation);
                    }
                }
                if (reason != Reason.GRANTED) {
                    networkRefusal = reason;
                    actions = new TreeSet<>();
                }
            }
            anyKept |= !actions.isEmpty();
            grants.add(new Grant(scope, actions, reason));
        }
        if (networkRefusal != Reason.GRANTED && !anyKept) {
            return refused(networkRefusal, request.source(), explanation);
        }
        for (Grant grant : grants) {
            explanation.add(
                    "scope " + grant.scope(),
                    grant.actions().isEmpty() ? "nothing" : String.join(",", grant.actions()),
                    grant.actions().isEmpty() ? Outcome.PASSED : Outcome.GRANTED,
                    Optional.empty());
        }
        return new Granted(identity, grants, explanation.build());
    }

    /** What the identity may do with a resource, and whose resource it is. */
    private record Entitlement(Collection<Account> owners, Set<String> actions) {
        static final Entitlement NONE = new Entitlement(List.of(), Set.of());
    }

    private Entitlement entitlement(Policy policy, Identity identity, Scope scope) {
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
        for (Binding binding : owned.account().bindings()) {
            boolean here = binding.namespace().map(owned.namespace()::equals).orElse(true)
                    && binding.repository().matches(owned.rest());
            if (here && speaksOf(policy, binding, identity)) {
                binding.roles().forEach(role -> actions.addAll(role.repositoryActions()));
            }
        }
        return new Entitlement(List.of(owned.account()), actions);
    }

    /**
     * The catalog lists the repositories of every account, so it takes a role in each that has any, on all that it has;
     * one account's reader must not learn what others call theirs.
     */
    private Entitlement catalog(Policy policy, Identity identity) {
        List<Account> owners = policy.accounts().stream()
                .filter(account -> !account.namespaces().isEmpty())
                .toList();
        boolean mayList = !owners.isEmpty()
                && owners.stream()
                        .allMatch(account -> account.bindings().stream()
                                .anyMatch(binding -> binding.coversAccount()
                                        && binding.roles().stream().anyMatch(Role::catalog)
                                        && speaksOf(policy, binding, identity)));
        return mayList ? new Entitlement(owners, Set.of("*")) : Entitlement.NONE;
    }

    private boolean speaksOf(Policy policy, Binding binding, Identity identity) {
        if (!binding.region().map(region::equals).orElse(true)) {
            return false;
        }
        Subject subject = identity.subject();
        // What anybody may do, somebody who has signed in may do, too: they need only leave their credentials out.
        if (binding.subjects().contains(subject) || binding.subjects().contains(Subject.ANONYMOUS)) {
            return true;
        }
        for (Subject group : policy.groupsOf(subject)) {
            if (binding.subjects().contains(group)) {
                return true;
            }
        }
        return false;
    }

    /** Asked and allowed. Who asks for {@code *} asks for everything, and gets what is allowed of it. */
    private static SortedSet<String> intersect(Set<String> asked, Set<String> allowed) {
        SortedSet<String> both = new TreeSet<>(allowed);
        if (!asked.contains("*")) {
            both.retainAll(asked);
        }
        return both;
    }

    private Refused refused(Reason reason, Source source, Explanation.Builder explanation) {
        return new Refused(reason, message(reason, source), explanation.build());
    }

    /** What the caller may know: the address that was judged, and where to ask; nothing of rules, accounts or users. */
    private String message(Reason reason, Source source) {
        return switch (reason) {
            case BAD_CREDENTIALS -> "incorrect username or password";
            case UNAVAILABLE -> "access cannot be decided at the moment; try again";
            case SOURCE_UNKNOWN -> "the address of the client could not be established";
            default ->
                switch (source) {
                    case UnknownSource unknown -> "the address of the client could not be established";
                    case PublicSource known ->
                        "client with IP '" + known.address() + "' is not allowed access." + refer();
                    case PrivateSource known ->
                        "client" + privateAddress(known) + " by private endpoint '" + known.endpoint()
                                + "' is not allowed access." + refer();
                };
        };
    }

    private static String privateAddress(PrivateSource source) {
        return source.observed()
                .or(source::originator)
                .map(address -> " with IP '" + address + "'")
                .orElse("");
    }

    private String refer() {
        return referUrl.map(url -> " Refer " + url + " to grant access.").orElse("");
    }
}
