package dev.postern.audit;

import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import java.time.Instant;
import java.util.Locale;
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
 * @param reduced what of the caller's personal data was made less of
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
        Optional<String> refreshTokenId,
        Reduced reduced) {

    /** An event of which nothing was reduced. */
    public AuditEvent(
            String id,
            Instant time,
            String door,
            AccessRequest request,
            Decision decision,
            Optional<String> policyVersion,
            ClientClaims client,
            Optional<String> tokenId,
            Optional<String> refreshTokenId) {
        this(id, time, door, request, decision, policyVersion, client, tokenId, refreshTokenId, Reduced.NOTHING);
    }

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
     * What was made less of before the event was written.
     *
     * @param addresses what became of callers' addresses
     * @param subjects what became of people's names
     */
    public record Reduced(Form addresses, Form subjects) {
        /** All is as it was. */
        public static final Reduced NOTHING = new Reduced(Form.FULL, Form.FULL);
    }

    /** What became of a datum. */
    public enum Form {
        /** Nothing. */
        FULL,
        /** It names a network: the first 24 bits of an IPv4 address, 48 of IPv6. */
        TRUNCATED,
        /** It is a pseudonym, which only the holder of the key can make again. */
        HASHED;

        /** The name in settings and audit events. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
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
