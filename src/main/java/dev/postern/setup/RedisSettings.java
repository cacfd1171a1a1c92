package dev.postern.setup;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Where replicas meet.
 *
 * @param isOn whether there is such a place
 * @param refusesWithout whether refresh tokens are refused while it is gone
 */
record RedisSettings(boolean isOn, boolean refusesWithout) {

    static final String HOSTS = "postern.redis.hosts";
    private static final Set<String> SCHEMES = Set.of("redis", "rediss", "unix");

    static RedisSettings read(PosternConfig config) {
        PosternConfig.Redis redis = config.redis();
        redis.hosts().ifPresent(RedisSettings::check);
        boolean refuses = redis.refreshTokensWithout() == PosternConfig.WithoutRedis.REFUSE;
        if (refuses && redis.hosts().isEmpty()) {
            throw new StartFault("postern.redis.refresh-tokens-without is refuse, and " + HOSTS
                    + " is not set: no refresh token would ever be taken");
        }
        return new RedisSettings(redis.hosts().isPresent(), refuses);
    }

    /** Says nothing of what is there: a URL may have a password in it. */
    private static void check(String hosts) {
        for (String host : hosts.split(",", -1)) {
            if (!isUrl(host.strip())) {
                throw new StartFault(
                        HOSTS + " is not a list of URLs of Redis; expected redis://HOST:PORT, rediss:// for"
                                + " TLS or unix:///PATH, several separated by commas");
            }
        }
    }

    private static boolean isUrl(String host) {
        try {
            URI url = new URI(host);
            return url.getScheme() != null
                    && SCHEMES.contains(url.getScheme())
                    && (url.getScheme().equals("unix")
                            ? url.getPath() != null && !url.getPath().isEmpty()
                            : url.getHost() != null);
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
