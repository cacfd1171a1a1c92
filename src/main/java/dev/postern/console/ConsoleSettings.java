package dev.postern.console;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator says of the console.
 *
 * @param token by which people sign in; empty where none is taken
 * @param issuer by which people sign in; empty where there is none. Without both, the console is off
 * @param sessions how long somebody stays signed in by the token
 * @param endpoints the names of the private endpoints, for the form of trials
 * @param version which Postern this is
 */
public record ConsoleSettings(
        Optional<ConsoleToken> token,
        Optional<ConsoleIssuer> issuer,
        Duration sessions,
        List<String> endpoints,
        String version) {
    /** Keeps its own copy. */
    public ConsoleSettings {
        endpoints = List.copyOf(endpoints);
    }

    /** Whether anybody can sign in, and so whether there is a console at all. */
    public boolean isOn() {
        return token.isPresent() || issuer.isPresent();
    }
}
