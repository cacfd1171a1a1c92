package dev.postern.console;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator says of the console.
 *
 * @param token by which people sign in; empty where the console is off
 * @param sessions how long somebody stays signed in
 * @param endpoints the names of the private endpoints, for the form of trials
 * @param version which Postern this is
 */
public record ConsoleSettings(Optional<ConsoleToken> token, Duration sessions, List<String> endpoints, String version) {
    /** Keeps its own copy. */
    public ConsoleSettings {
        endpoints = List.copyOf(endpoints);
    }
}
