package dev.postern.setup;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.oidc.Issuer;
import dev.postern.identity.oidc.KeyPace;
import dev.postern.identity.oidc.KeyPlace;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What the settings say of an issuer's keys, of whichever kind it is.
 *
 * @param prefix before the settings' names, with a dot at its end
 */
record IssuerKeySettings(String prefix, PosternConfig.IssuerKeys config) {

    /** The setting of this name. */
    String key(String setting) {
        return prefix + setting;
    }

    /** Stops the start where something cannot be meant so. */
    void check() {
        if (config.jwks().isPresent() && config.jwksFile().isPresent()) {
            throw fault("jwks", "and 'jwks-file' are both set; expected one of them");
        }
        config.jwksFile().filter(file -> !Files.isReadable(file)).ifPresent(file -> {
            throw fault("jwks-file", "is " + file + ", which cannot be read");
        });
        config.bearerTokenFile().filter(file -> !Files.isReadable(file)).ifPresent(file -> {
            throw fault("bearer-token-file", "is " + file + ", which cannot be read");
        });
        for (String algorithm : config.algorithms()) {
            if (!Issuer.ASYMMETRIC.contains(algorithm)) {
                throw fault(
                        "algorithms",
                        "has '" + algorithm
                                + "'; expected those of RS, PS and ES with 256, 384 or 512, and EdDSA: in any"
                                + " other, whoever can verify a token can make one");
            }
        }
        within("clock-skew", config.clockSkew(), Duration.ZERO, Duration.ofMinutes(5));
        within("keys-refresh", config.keysRefresh(), Duration.ofSeconds(10), Duration.ofHours(24));
        within("keys-max-age", config.keysMaxAge(), config.keysRefresh(), Duration.ofDays(30));
        within("keys-interval", config.keysInterval(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        within("timeout", config.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        within("connect-timeout", config.connectTimeout(), Duration.ofMillis(100), Duration.ofMinutes(1));
        long longest = config.maxTokenSize().asLongValue();
        if (longest < 1024 || longest > 16 * 1024) {
            throw fault("max-token-size", "is " + longest + " bytes; expected 1K to 16K");
        }
        if (config.jwks().isPresent()) {
            url("jwks", config.jwks().get());
        }
    }

    /** How many characters a token may have. */
    int longest() {
        return (int) config.maxTokenSize().asLongValue();
    }

    KeyPace pace() {
        return new KeyPace(config.keysInterval(), config.keysRefresh(), config.keysMaxAge());
    }

    /** The URL that a setting names. */
    HttpsUrl url(String setting, String text) {
        return switch (HttpsUrl.read(text)) {
            case HttpsUrl.Understood understood -> understood.url();
            case HttpsUrl.Malformed malformed ->
                throw new StartFault(key(setting) + " is '" + text + "', which " + malformed.why()
                        + "; expected an https URL, or the issuer's keys under '" + key("jwks") + "' or '"
                        + key("jwks-file") + "'");
        };
    }

    /** How they are asked for, over connections that trust these certificates. */
    KeyPlace.Asking asking(Vertx vertx, HttpClientOptions trust, InstantSource clock) {
        HttpsFetcher fetcher = new HttpsFetcher(
                vertx,
                trust,
                new HttpsFetcher.Limits(config.connectTimeout(), config.timeout(), KeyPlace.MOST_OF_KEYS),
                FeedSettings.publicAddresses(
                        key("allowed-private-addresses"),
                        config.allowedPrivateAddresses().orElse(List.of())),
                InetAddress::getAllByName,
                clock);
        return new KeyPlace.Asking(fetcher, config.bearerTokenFile());
    }

    private void within(String setting, Duration value, Duration least, Duration most) {
        Bounds.check(key(setting), value, least, most);
    }

    StartFault fault(String setting, String why) {
        return new StartFault(key(setting) + " " + why);
    }
}
