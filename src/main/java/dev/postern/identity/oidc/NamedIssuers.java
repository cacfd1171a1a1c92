package dev.postern.identity.oidc;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Issuers by their names in the settings, for who looks after their keys and tells how these are. */
final class NamedIssuers {

    private final Map<String, IssuerTokens> byName = new LinkedHashMap<>();

    void add(IssuerTokens tokens) {
        byName.put(tokens.issuer().name(), tokens);
    }

    Optional<IssuerTokens> of(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Asks for keys where it is time to. */
    void tick(Instant now) {
        byName.values().forEach(tokens -> tokens.keys().tick(now));
    }

    /** Those that did not answer when they were asked last, and why. */
    Map<String, String> troubles() {
        Map<String, String> troubles = new LinkedHashMap<>();
        byName.forEach((name, tokens) -> tokens.keys().trouble().ifPresent(why -> troubles.put(name, why)));
        return troubles;
    }

    /** When the keys at hand were asked for, of each; empty where there are none. */
    Map<String, Optional<Instant>> keys() {
        Map<String, Optional<Instant>> keys = new LinkedHashMap<>();
        byName.forEach((name, tokens) -> keys.put(name, tokens.keys().since()));
        return keys;
    }
}
