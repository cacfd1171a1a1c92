package dev.postern.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A token that was issued.
 *
 * @param value the compact JWT; a secret
 * @param id its {@code jti}
 * @param issuedAt when, in whole seconds
 * @param lifetime how long it is good for
 */
public record RegistryToken(String value, String id, Instant issuedAt, Duration lifetime) {

    /** The claim that names the source to which a token is bound. */
    public static final String BOUND_TO = "bound_to";

    /** The claim that names the account's entries by which a caller with a token of an issuer is the account's, with commas. */
    public static final String ENTRIES = "federated";

    /** How many seconds it is good for yet, at this instant. */
    public long secondsLeft(Instant now) {
        return issuedAt.plus(lifetime).getEpochSecond() - now.getEpochSecond();
    }

    /**
     * An entry of the {@code access} claim.
     *
     * @param type {@code repository} or {@code registry}
     * @param name the resource's name
     * @param actions what may be done with it
     */
    public record Access(String type, String name, Set<String> actions) {}

    /**
     * What a token says.
     *
     * @param subject the {@code sub} claim, "" for an anonymous caller
     * @param audience the {@code aud} claim: the registry's service name
     * @param access the {@code access} claim; an entry without actions is left out
     * @param boundTo the source from which alone it may be used, where it is bound to one
     * @param entries the names of the account's entries by which the subject is the account's, where it is by such
     */
    public record Claims(
            String subject, String audience, List<Access> access, Optional<String> boundTo, List<String> entries) {
        /** Claims of a token that may be used from anywhere. */
        public Claims(String subject, String audience, List<Access> access) {
            this(subject, audience, access, Optional.empty());
        }

        /** Claims of a token of somebody who is the account's by name. */
        public Claims(String subject, String audience, List<Access> access, Optional<String> boundTo) {
            this(subject, audience, access, boundTo, List.of());
        }

        /** Keeps its own copies. */
        public Claims {
            access = List.copyOf(access);
            entries = List.copyOf(entries);
        }
    }

    /** Leaves the token itself out. */
    @Override
    public String toString() {
        return "RegistryToken[" + id + "]";
    }
}
