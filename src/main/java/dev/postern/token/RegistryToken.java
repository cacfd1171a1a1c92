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
     */
    public record Claims(String subject, String audience, List<Access> access, Optional<String> boundTo) {
        /** Claims of a token that may be used from anywhere. */
        public Claims(String subject, String audience, List<Access> access) {
            this(subject, audience, access, Optional.empty());
        }

        /** Keeps its own copy. */
        public Claims {
            access = List.copyOf(access);
        }
    }

    /** Leaves the token itself out. */
    @Override
    public String toString() {
        return "RegistryToken[" + id + "]";
    }
}
