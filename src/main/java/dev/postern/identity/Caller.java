package dev.postern.identity;

import dev.postern.policy.Account;
import dev.postern.throttle.Origin;

/** Who sends credentials, so far as is known before they are judged. Asked only where it matters: neither need be at hand. */
public interface Caller {

    /** The place that failures count for. */
    Origin origin();

    /** Whether the network rules list the caller's source among those that the account expects. */
    boolean isListedBy(Account account);
}
