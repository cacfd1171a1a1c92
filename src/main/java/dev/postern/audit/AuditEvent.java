package dev.postern.audit;

import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import java.time.Instant;
import java.util.Optional;

/**
 * What happened at a door.
 *
 * @param id the decision's id, which the caller is told
 * @param time when
 * @param door which door: {@code registry}
 * @param request what was asked
 * @param decision what was decided
 * @param policyVersion by which policy; empty where none was loaded
 * @param client what the caller says of itself; not to be believed
 * @param tokenId the {@code jti} of the token that was given, if one was
 * @param refreshTokenId the {@code jti} of the refresh token that was issued beside it, if one was
 */
public record AuditEvent(
        String id,
        Instant time,
        String door,
        AccessRequest request,
        Decision decision,
        Optional<String> policyVersion,
        ClientClaims client,
        Optional<String> tokenId,
        Optional<String> refreshTokenId) {

    /** An event in which no refresh token was issued. */
    public AuditEvent(
            String id,
            Instant time,
            String door,
            AccessRequest request,
            Decision decision,
            Optional<String> policyVersion,
            ClientClaims client,
            Optional<String> tokenId) {
        this(id, time, door, request, decision, policyVersion, client, tokenId, Optional.empty());
    }

    /**
     * The caller's own words, kept for the audit and for nothing else.
     *
     * @param service the {@code service} parameter
     * @param account the {@code account} parameter
     * @param clientId the {@code client_id} parameter
     */
    public record ClientClaims(Optional<String> service, Optional<String> account, Optional<String> clientId) {
        /** Where it says nothing of itself. */
        public static final ClientClaims NONE = new ClientClaims(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
