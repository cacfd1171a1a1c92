package dev.postern.setup;

import dev.postern.policy.BcryptHash;
import dev.postern.policy.Names;
import dev.postern.throttle.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What the settings say of passwords and of wrong credentials, checked.
 *
 * @param passwordFiles by account
 * @param maxBcryptCost the most that a hash may cost
 * @param longestWait how long a check may wait for its turn
 * @param limits how often credentials may be wrong
 */
record CredentialSettings(Map<String, Path> passwordFiles, int maxBcryptCost, Duration longestWait, Limits limits) {

    private static final int MOST = 1_000_000;
    private static final int MOST_COST = 16;

    static CredentialSettings read(PosternConfig config) {
        PosternConfig.Passwords passwords = config.passwords();
        PosternConfig.Throttle throttle = config.throttle();
        config.htpasswd().keySet().stream()
                .filter(account -> !Names.isName(account))
                .findFirst()
                .ifPresent(account -> {
                    throw new StartFault("postern.htpasswd." + account + " is not for an account: " + Names.NAME_FORM);
                });
        Bounds.check("postern.passwords.max-bcrypt-cost", passwords.maxBcryptCost(), BcryptHash.MIN_COST, MOST_COST);
        Bounds.check("postern.passwords.max-wait", passwords.maxWait(), Duration.ofMillis(100), Duration.ofMinutes(1));
        Bounds.check("postern.passwords.cache-size", passwords.cacheSize(), 0, MOST);
        Bounds.check("postern.passwords.cache-life", passwords.cacheLife(), Duration.ofSeconds(1), Duration.ofHours(1));
        Bounds.check("postern.throttle.window", throttle.window(), Duration.ofSeconds(1), Duration.ofHours(1));
        Bounds.check("postern.throttle.failures-per-source", throttle.failuresPerSource(), 1, MOST);
        Bounds.check("postern.throttle.failures-per-subject", throttle.failuresPerSubject(), 1, MOST);
        return new CredentialSettings(
                Map.copyOf(config.htpasswd()),
                passwords.maxBcryptCost(),
                passwords.maxWait(),
                new Limits(throttle.window(), throttle.failuresPerSource(), throttle.failuresPerSubject()));
    }
}
