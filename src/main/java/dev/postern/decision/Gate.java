package dev.postern.decision;

import dev.postern.decision.Decision.Grant;
import dev.postern.decision.Decision.Granted;
import dev.postern.decision.Decision.Refused;
import dev.postern.decision.Decision.WouldBe;
import dev.postern.decision.Entitlements.Denial;
import dev.postern.decision.Entitlements.Entitlement;
import dev.postern.decision.Entitlements.PublicPull;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.decision.Purpose.Passage;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Decides. The enterprise's rules are a ceiling: what they refuse is refused. Below it two rulesets apply, and both must
 * admit the source: that of the identity's account, with the identity's own, and that of the account that owns the
 * resource. Refusal by the first refuses the token; refusal by the second takes away the scope's actions, and the token
 * too when no scope keeps an action for that reason.
 *
 * <p>What anybody may pull from a public namespace is held against the ceiling and against what the owner denies, and
 * against nothing else: a caller could have it without credentials.
 */
public final class Gate {

    /** What the caller reads where nothing can be decided. */
    public static final String UNDECIDED = "access cannot be decided at the moment; try again";

    private static final SortedSet<String> NOTHING = Collections.emptySortedSet();
    private static final SortedSet<String> PULL_ALONE =
            Collections.unmodifiableSortedSet(new TreeSet<>(Set.of(Entitlements.PULL)));

    private final Entitlements entitlements;
    private final RefusalText texts;

    /**
     * A gate for a Postern in this region.
     *
     * @param region the region; bindings to another grant nothing
     * @param referUrl where a refused caller can ask for access
     */
    public Gate(String region, Optional<String> referUrl) {
        this.entitlements = new Entitlements(region);
        this.texts = new RefusalText(referUrl);
    }

    /** Decides the request by the policy, at the instant. */
    public Decision decide(Policy policy, AccessRequest request, Instant now) {
        Judge judge = judge(request, now, Trial.AS_WRITTEN);
        Decision decision = decide(policy, request, judge);
        return decision instanceof Granted granted && judge.wouldRefuse()
                ? new Granted(
                        granted.identity(),
                        granted.grants(),
                        granted.explanation(),
                        wouldBe(policy, request, granted, judge(request, now, Trial.REFUSALS_ENFORCED)))
                : decision;
    }

    /** The same, were everything in report mode enforced, so far as the trial says. */
    Decision decide(Policy policy, AccessRequest request, Instant now, Trial trial) {
        return decide(policy, request, judge(request, now, trial));
    }

    /**
     * Whether the source is among those that the account expects, whoever is calling: the enterprise's rules and the
     * account's admit it, also where they are in report mode.
     */
    public boolean lists(Policy policy, Account account, Source source, Instant now) {
        Judge judge = new Judge(source, List.of(Subject.ANONYMOUS), now, Trial.REFUSALS_ENFORCED);
        return judge.ruleset(NetworkSection.ENTERPRISE, policy.enterprise()) == Reason.GRANTED
                && judge.ruleset(NetworkSection.nameOf(account), account.network()) == Reason.GRANTED;
    }

    /** Whose rules a scope is held against, once the identity's own side admits. */
    Collection<Account> owners(Policy policy, Identity identity, Scope scope) {
        return entitlements.of(policy, identity, scope).owners();
    }

    private static Judge judge(AccessRequest request, Instant now, Trial trial) {
        Collection<Subject> names = request.authentication() instanceof Authentication.Authenticated known
                ? known.identity().names()
                : List.of(Subject.ANONYMOUS);
        return new Judge(request.source(), names, now, trial);
    }

    /** What of a granted request would be refused. A step that would refuse alone does not tell: another may pass for it. */
    private Optional<WouldBe> wouldBe(Policy policy, AccessRequest request, Granted granted, Judge enforced) {
        return switch (decide(policy, request, enforced)) {
            case Refused refused -> Optional.of(new WouldBe(refused.reason(), texts.wouldBeRefused(request.source())));
            case Granted narrower ->
                actions(narrower).equals(actions(granted))
                        ? Optional.empty()
                        : Optional.of(new WouldBe(enforced.refusal(), texts.wouldBeRefused(request.source())));
        };
    }

    private static List<SortedSet<String>> actions(Granted granted) {
        return granted.grants().stream().map(Grant::actions).toList();
    }

    private Decision decide(Policy policy, AccessRequest request, Judge judge) {
        if (request.source() instanceof UnknownSource unknown) {
            return refused(Reason.SOURCE_UNKNOWN, "source", unknown.why().wireName(), request, judge);
        }
        return switch (request.authentication()) {
            case Authentication.Authenticated known -> decide(policy, request, known.identity(), judge);
            case Authentication.Rejected rejected ->
                refused(Reason.BAD_CREDENTIALS, "credentials", "wrong", request, judge);
            case Authentication.Missing missing ->
                refused(Reason.NO_CREDENTIALS, "credentials", "needed, and none were shown", request, judge);
            case Authentication.Throttled throttled ->
                refused(Reason.TOO_MANY_FAILURES, "credentials", "not judged: too many were wrong", request, judge);
            case Authentication.RejectedToken rejected ->
                refused(Reason.BAD_CREDENTIALS, "credentials", rejected.why(), request, judge);
            case Authentication.NotAttempted notAttempted ->
                refused(Reason.UNAVAILABLE, "credentials", "not judged", request, judge);
            case Authentication.Unavailable unavailable ->
                refused(Reason.UNAVAILABLE, "credentials", unavailable.why(), request, judge);
        };
    }

    /** The refusal of every request while there is no policy. */
    public Decision withoutPolicy(AccessRequest request) {
        Judge judge = judge(request, Instant.EPOCH, Trial.AS_WRITTEN);
        return refused(Reason.UNAVAILABLE, "policy", "none is loaded", request, judge);
    }

    private Decision decide(Policy policy, AccessRequest request, Identity identity, Judge judge) {
        Optional<Account> own = policy.account(identity.subject().account());
        // The identity may have been known by an older policy than the one that decides.
        if (identity instanceof Identity.Known
                && !own.map(account -> has(account, identity.subject())).orElse(false)) {
            return refused(Reason.BAD_CREDENTIALS, "credentials", "the identity is gone", request, judge);
        }
        if (identity instanceof Identity.Federated federated
                && !own.map(account -> stillMeans(account, federated)).orElse(false)) {
            return refused(
                    Reason.BAD_CREDENTIALS,
                    "credentials",
                    "the account has other federated callers now",
                    request,
                    judge);
        }
        Optional<String> boundTo =
                request.purpose() instanceof Passage passage && passage.warrant() instanceof Warrant.Token token
                        ? token.boundTo()
                        : Optional.empty();
        if (boundTo.isPresent() && !SourceBinding.admits(boundTo.get(), policy, request.source())) {
            return refused(Reason.BOUND_ELSEWHERE, "token", "bound to another source", request, judge);
        }
        Reason ceiling = judge.ruleset(NetworkSection.ENTERPRISE, policy.enterprise());
        if (ceiling != Reason.GRANTED) {
            return refused(ceiling, request, judge);
        }
        if (request.purpose() instanceof Passage passage && passage.account().isPresent()) {
            Optional<Account> named = policy.account(passage.account().get());
            if (named.isEmpty()) {
                return refused(
                        Reason.UNAVAILABLE, "route", "of an account that the policy does not have", request, judge);
            }
            Reason reason = isOwn(named.get(), identity)
                    ? Reason.GRANTED
                    : judge.ruleset(
                            NetworkSection.nameOf(named.get()), named.get().network());
            if (reason != Reason.GRANTED) {
                return refused(reason, request, judge);
            }
        }
        Reason callers = own.map(account -> callers(account, identity, judge)).orElse(Reason.GRANTED);
        // Whom its own side refuses has what anybody could have without credentials, and no more.
        if (callers != Reason.GRANTED
                && (request.scopes().isEmpty() || !nobodyPasses(policy, request, judge.ofNobody()))) {
            return refused(callers, request, judge);
        }
        return resources(policy, request, identity, callers, judge);
    }

    /** Whether the rules admit the source that stand before any account of a caller's. */
    private static boolean nobodyPasses(Policy policy, AccessRequest request, Judge nobody) {
        Optional<String> route =
                request.purpose() instanceof Passage passage ? passage.account() : Optional.<String>empty();
        return nobody.ruleset(NetworkSection.ENTERPRISE, policy.enterprise()) == Reason.GRANTED
                && route.flatMap(policy::account)
                        .map(named -> nobody.ruleset(NetworkSection.nameOf(named), named.network()))
                        .filter(reason -> reason != Reason.GRANTED)
                        .isEmpty();
    }

    /** What the rules on the caller's side say: those of its account, and its own. */
    private static Reason callers(Account account, Identity identity, Judge judge) {
        Reason reason = judge.ruleset(NetworkSection.nameOf(account), account.network());
        for (Subject name : identity.names()) {
            Optional<NetworkRules> own = ownNetwork(account, name);
            if (reason == Reason.GRANTED && own.isPresent()) {
                reason = judge.ruleset(name.toString(), own);
            }
        }
        return reason;
    }

    private static boolean has(Account account, Subject subject) {
        return switch (subject.kind()) {
            case SERVICE_ID -> account.serviceIds().containsKey(subject.name());
            case USER -> account.users().containsKey(subject.name());
            // Whom an entry means, and a trial asks for by its name.
            case FEDERATED -> account.federated().containsKey(subject.name());
            case OIDC, OIDC_GROUP, GROUP, ANONYMOUS -> false;
        };
    }

    private static Optional<NetworkRules> ownNetwork(Account account, Subject subject) {
        return switch (subject.kind()) {
            case SERVICE_ID ->
                Optional.ofNullable(account.serviceIds().get(subject.name())).flatMap(Account.ServiceId::network);
            case USER ->
                Optional.ofNullable(account.users().get(subject.name())).flatMap(Account.User::network);
            case FEDERATED ->
                Optional.ofNullable(account.federated().get(subject.name())).flatMap(Account.Federated::network);
            case GROUP, OIDC, OIDC_GROUP, ANONYMOUS -> Optional.empty();
        };
    }

    private static boolean stillMeans(Account account, Identity.Federated identity) {
        return identity.entries().stream()
                .allMatch(entry -> Optional.ofNullable(account.federated().get(entry.name()))
                        .filter(entry::meansTheSameAs)
                        .isPresent());
    }

    private Decision resources(Policy policy, AccessRequest request, Identity identity, Reason callers, Judge judge) {
        List<Grant> grants = new ArrayList<>(request.scopes().size());
        List<List<Denial>> denials = new ArrayList<>(request.scopes().size());
        Reason networkRefusal = callers;
        boolean anyKept = false;
        for (Scope scope : request.scopes()) {
            Entitlement entitlement = entitlements.of(policy, identity, scope, request.purpose());
            Grant grant = callers == Reason.GRANTED
                    ? grant(scope, entitlement, identity, judge)
                    : publicGrant(scope, entitlement, callers, judge);
            if (grant.actions().isEmpty() && grant.reason().ofNetwork()) {
                networkRefusal = grant.reason();
            }
            anyKept |= !grant.actions().isEmpty();
            grants.add(grant);
            denials.add(grant.reason().ofNetwork() ? List.of() : entitlement.denials());
        }
        if (networkRefusal != Reason.GRANTED && !anyKept) {
            return refused(networkRefusal, request, judge);
        }
        if (request.purpose() instanceof Passage passage) {
            for (int i = 0; i < grants.size(); i++) {
                Grant grant = grants.get(i);
                if (!grant.actions().containsAll(grant.scope().actions())) {
                    denials.get(i).forEach(denial -> explain(denial, grant.scope(), judge));
                    return notAll(grant, passage.warrant(), request, judge);
                }
            }
        }
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            denials.get(i).forEach(denial -> explain(denial, grant.scope(), judge));
            judge.explanation()
                    .add(
                            "scope " + grant.scope(),
                            grant.actions().isEmpty() ? "nothing" : String.join(",", grant.actions()),
                            grant.actions().isEmpty() ? Outcome.PASSED : Outcome.GRANTED,
                            Optional.empty());
        }
        return new Granted(identity, grants, judge.explanation().build(), Optional.empty());
    }

    /** Only what was asked for: a denial of anything else has decided nothing. */
    private static void explain(Denial denial, Scope scope, Judge judge) {
        SortedSet<String> taken = intersect(scope.actions(), denial.actions());
        if (!taken.isEmpty()) {
            judge.explanation()
                    .add(
                            "scope " + scope,
                            String.join(",", taken) + " denied to " + denial.fromWords(),
                            Outcome.DENIED,
                            Optional.of(denial.position()));
        }
    }

    /** Part of what a request needs is no use to it. */
    private Refused notAll(Grant lacking, Warrant warrant, AccessRequest request, Judge judge) {
        Reason ofNetwork = lacking.reason().ofNetwork() ? lacking.reason() : judge.refusal();
        if (ofNetwork != Reason.GRANTED) {
            return refused(ofNetwork, request, judge);
        }
        judge.explanation()
                .add(
                        "scope " + lacking.scope(),
                        lacking.actions().isEmpty() ? "nothing" : String.join(",", lacking.actions()) + " alone",
                        Outcome.REFUSED,
                        Optional.empty());
        // To one of whom nothing is known but the source, what nobody owns is as what others own.
        String message = warrant instanceof Warrant.Source
                ? texts.refusedSource(request.source())
                : texts.refused(Reason.NOT_PERMITTED, request.source());
        return new Refused(Reason.NOT_PERMITTED, message, judge.explanation().build());
    }

    /** What is granted of a scope to a caller whom its own side admits. */
    private static Grant grant(Scope scope, Entitlement entitlement, Identity identity, Judge judge) {
        SortedSet<String> actions = intersect(scope.actions(), entitlement.actions());
        if (actions.isEmpty()) {
            return new Grant(scope, actions, scope.actions().isEmpty() ? Reason.GRANTED : Reason.NOT_PERMITTED);
        }
        Optional<PublicPull> publicPull = entitlement.publicPull().filter(pull -> actions.contains(Entitlements.PULL));
        if (publicPull.isPresent()
                && actions.equals(PULL_ALONE)
                && !isOwn(publicPull.get().owner(), identity)) {
            Reason reason = judge.publicPull(publicPull.get(), false);
            return new Grant(scope, reason == Reason.GRANTED ? actions : NOTHING, reason);
        }
        Reason reason = Reason.GRANTED;
        for (Account owner : entitlement.owners()) {
            // The identity's own account has been asked already.
            if (reason == Reason.GRANTED && !isOwn(owner, identity)) {
                reason = judge.ruleset(NetworkSection.nameOf(owner), owner.network());
            }
        }
        if (reason == Reason.GRANTED) {
            return new Grant(scope, actions, reason);
        }
        return publicPull.isPresent() && judge.publicPull(publicPull.get(), false) == Reason.GRANTED
                ? new Grant(scope, PULL_ALONE, Reason.GRANTED)
                : new Grant(scope, NOTHING, reason);
    }

    /** What is granted of a scope to a caller whom its own side refuses: what it could have without credentials. */
    private static Grant publicGrant(Scope scope, Entitlement entitlement, Reason callers, Judge judge) {
        boolean asked =
                scope.actions().contains(Entitlements.PULL) || scope.actions().contains("*");
        boolean kept = asked
                && entitlement.publicPull().isPresent()
                && judge.publicPull(entitlement.publicPull().get(), true) == Reason.GRANTED;
        return kept ? new Grant(scope, PULL_ALONE, Reason.GRANTED) : new Grant(scope, NOTHING, callers);
    }

    private static boolean isOwn(Account account, Identity identity) {
        return account.name().equals(identity.subject().account());
    }

    /** Asked and allowed. Who asks for {@code *} asks for everything, and gets what is allowed of it. */
    private static SortedSet<String> intersect(Set<String> asked, Set<String> allowed) {
        SortedSet<String> both = new TreeSet<>(allowed);
        if (!asked.contains("*")) {
            both.retainAll(asked);
        }
        return both;
    }

    private Refused refused(Reason reason, String ruleset, String finding, AccessRequest request, Judge judge) {
        judge.explanation().add(ruleset, finding, Outcome.REFUSED, Optional.empty());
        return refused(reason, request, judge);
    }

    private Refused refused(Reason reason, AccessRequest request, Judge judge) {
        Source source = request.source();
        return new Refused(
                reason, texts.refused(reason, source), judge.explanation().build());
    }
}
