package dev.postern.identity;

import dev.postern.token.RegistryToken.Access;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Registry tokens that another token service has given, which the operator has named. */
public interface OutsideTokens {

    /** There is no other. */
    OutsideTokens NONE = (token, service, now) ->
            CompletableFuture.completedFuture(new Invalid(Optional.empty(), "not a registry token of ours"));

    /** What became of reading one. */
    sealed interface Reading {}

    /**
     * That service has given it for this registry, and its time is now.
     *
     * @param issuer the service, by its name in the settings
     * @param subject its {@code sub}, printable: that service's own word for the caller, "" for nobody in particular
     * @param access what it allows
     * @param boundTo the source from which alone it may be used, where it is bound to one
     * @param id its {@code jti}, printable
     */
    record Valid(
            String issuer, String subject, List<Access> access, Optional<String> boundTo, String id, Instant issuedAt)
            implements Reading {

        /** Keeps its own copy. */
        public Valid {
            access = List.copyOf(access);
        }
    }

    /**
     * It has not, or it is not.
     *
     * @param issuer whose it says to be, by its name in the settings; empty where that is nobody's
     * @param why for the audit; nothing of the token
     */
    record Invalid(Optional<String> issuer, String why) implements Reading {}

    /** It cannot be known just now. */
    record Unknown(String why) implements Reading {}

    /**
     * Reads a token. Never blocks; what waits does so for a signature to be verified, or for the service's keys.
     *
     * @param service the registry that it is shown to, by its service name
     */
    CompletableFuture<Reading> read(String token, String service, Instant now);
}
