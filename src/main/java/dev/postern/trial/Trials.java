package dev.postern.trial;

import dev.postern.decision.AccessRequest;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.source.Connection;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides trials by one policy and one set of settings. */
public final class Trials {

    private final Policy policy;
    private final Gate gate;
    private final SourceResolver behindProxies;
    private final SourceResolver withoutProxies;

    /** Trials of this policy, by the source's settings and the gate of the server. */
    public Trials(Policy policy, SourceSettings settings, Gate gate) {
        this.policy = policy;
        this.gate = gate;
        this.behindProxies = new SourceResolver(settings);
        this.withoutProxies = new SourceResolver(new SourceSettings(
                new TrustedProxies(List.of(), false),
                ForwardingHeader.NONE,
                settings.nat64(),
                settings.privateEndpoints()));
    }

    /** Whether the policy has this identity. */
    public boolean knows(Subject subject) {
        Optional<Account> account = policy.account(subject.account());
        return switch (subject.kind()) {
            case ANONYMOUS -> true;
            case SERVICE_ID ->
                account.map(a -> a.serviceIds().containsKey(subject.name())).orElse(false);
            case USER -> account.map(a -> a.users().containsKey(subject.name())).orElse(false);
            case FEDERATED ->
                account.map(a -> a.federated().containsKey(subject.name())).orElse(false);
            case GROUP, OIDC, OIDC_GROUP -> false;
        };
    }

    /**
     * What would be decided.
     *
     * @param subject one that the policy {@linkplain #knows has}; for federated callers the entry, of whose claims nothing is
     *     known then but that they are as it says
     * @param scopes what is asked for; none is a login
     */
    public Outcome decide(Caller caller, Subject subject, List<Scope> scopes, Instant at) {
        Source source = switch (caller) {
            case Caller.Behind behind -> behindProxies.resolve(behind.connection());
            case Caller.At known ->
                withoutProxies.resolve(
                        new Connection(Optional.of(known.address()), name -> List.of(), Optional.empty()));
            case Caller.From from -> from.source();
        };
        Identity identity = subject.kind() == Subject.Kind.ANONYMOUS
                ? new Identity.Anonymous()
                : new Identity.Known(subject, "trial");
        Authentication authentication = source instanceof Source.UnknownSource
                ? new Authentication.NotAttempted()
                : new Authentication.Authenticated(identity);
        AccessRequest request = new AccessRequest(source, authentication, scopes);
        return new Outcome(request, gate.decide(policy, request, at));
    }
}
