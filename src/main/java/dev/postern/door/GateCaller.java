package dev.postern.door;

import dev.postern.decision.Gate;
import dev.postern.identity.Caller;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.source.Source;
import dev.postern.throttle.Origin;
import java.time.InstantSource;

/** The caller of a request, as the gate sees it before it is known who that is. */
public record GateCaller(Gate gate, Policy policy, Source source, InstantSource clock) implements Caller {

    @Override
    public Origin origin() {
        return Origin.of(source);
    }

    @Override
    public boolean isListedBy(Account account) {
        return gate.lists(policy, account, source, clock.instant());
    }
}
