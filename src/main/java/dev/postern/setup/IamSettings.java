package dev.postern.setup;

import dev.postern.fetch.HttpsUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the settings say of an IAM, checked.
 *
 * @param endpoint where API keys are exchanged
 * @param issuer the name of the issuer whose tokens it gives
 * @param config the rest
 */
record IamSettings(HttpsUrl endpoint, String issuer, PosternConfig.Iam config) {

    static final String TLS = "postern.iam.tls-configuration-name";

    private static final String PREFIX = "postern.iam.";

    static Optional<IamSettings> read(PosternConfig config, List<OidcSettings> issuers) {
        PosternConfig.Iam iam = config.iam();
        if (iam.tokenEndpoint().isEmpty()) {
            if (iam.issuer().isPresent()) {
                throw new StartFault(PREFIX + "issuer is set, and " + PREFIX + "token-endpoint is not");
            }
            return Optional.empty();
        }
        HttpsUrl endpoint = switch (HttpsUrl.read(iam.tokenEndpoint().get())) {
            case HttpsUrl.Understood understood -> understood.url();
            case HttpsUrl.Malformed malformed ->
                throw new StartFault(PREFIX + "token-endpoint " + malformed.why() + "; expected an https URL such as"
                        + " https://iam.cloud.ibm.com/identity/token");
        };
        String issuer = iam.issuer()
                .filter(name -> issuers.stream().anyMatch(known -> known.name().equals(name)))
                .orElseThrow(() -> new StartFault(PREFIX + "issuer is "
                        + iam.issuer().map(name -> "'" + name + "'").orElse("not set")
                        + "; expected the name of one under postern.oidc, whose tokens the endpoint gives"));
        Bounds.check(PREFIX + "cache", iam.cache(), Duration.ZERO, Duration.ofHours(1));
        Bounds.check(PREFIX + "timeout", iam.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        Bounds.check(PREFIX + "connect-timeout", iam.connectTimeout(), Duration.ofMillis(100), Duration.ofMinutes(1));
        if (iam.retries() < 0 || iam.retries() > 5) {
            throw new StartFault(PREFIX + "retries is " + iam.retries() + "; expected 0 to 5");
        }
        return Optional.of(new IamSettings(endpoint, issuer, iam));
    }
}
