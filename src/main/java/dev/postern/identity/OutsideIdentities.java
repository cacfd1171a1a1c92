package dev.postern.identity;

import dev.postern.identity.Authentication.Rejected;
import dev.postern.policy.Policy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Identities that others know: issuers of tokens, and an IAM with API keys of its own. Never blocks. */
public interface OutsideIdentities {

    /** Nobody else knows anybody. */
    OutsideIdentities NONE = new OutsideIdentities() {
        @Override
        public CompletableFuture<Authentication> byToken(Policy policy, String token, Optional<String> account) {
            return CompletableFuture.completedFuture(new Rejected());
        }

        @Override
        public CompletableFuture<Authentication> byApiKey(Policy policy, String key, boolean mayAsk) {
            return CompletableFuture.completedFuture(new Rejected());
        }
    };

    /**
     * Who shows this token.
     *
     * @param account the account that the caller means, where it says so
     */
    CompletableFuture<Authentication> byToken(Policy policy, String token, Optional<String> account);

    /**
     * Who shows this API key, which is not of the policy.
     *
     * @param mayAsk whether the IAM may be asked; if not, a key that is not remembered is rejected
     */
    CompletableFuture<Authentication> byApiKey(Policy policy, String key, boolean mayAsk);
}
