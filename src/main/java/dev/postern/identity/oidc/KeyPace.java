package dev.postern.identity.oidc;

import java.time.Duration;

/**
 * How often an issuer is asked for its keys.
 *
 * @param between the least time from one question to the next, for keys that are not at hand
 * @param refresh how old keys are when others are asked for
 * @param oldest how old they are when they are no longer used
 */
public record KeyPace(Duration between, Duration refresh, Duration oldest) {}
