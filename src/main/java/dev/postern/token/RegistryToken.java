package dev.postern.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
     */
    public record Claims(String subject, String audience, List<Access> access) {
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
