package dev.postern.setup;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.oidc.Issuer;
import dev.postern.identity.oidc.Issuers.Known;
import dev.postern.identity.oidc.KeyPace;
import dev.postern.identity.oidc.KeyPlace;
import dev.postern.policy.Names;
import dev.postern.policy.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the settings say of one issuer, checked. */
record OidcSettings(String name, PosternConfig.Issuer config, Issuer issuer, KeyPace pace) {

    private static final String PREFIX = "postern.oidc.";
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int MOST_OF_A_CLAIMS_NAME = 256;

    /** All issuers, by name. */
    static List<OidcSettings> read(PosternConfig config) {
        Map<String, String> urls = new HashMap<>();
        return new TreeMap<>(config.oidc())
                .entrySet().stream()
                        .map(entry -> {
                            OidcSettings read = new Reader(entry.getKey(), entry.getValue()).read();
                            String other = urls.putIfAbsent(read.issuer().url(), read.name());
                            if (other != null) {
                                throw new StartFault(PREFIX + read.name() + ".issuer is '"
                                        + read.issuer().url() + "', which is " + PREFIX + other
                                        + ".issuer already; whose a token is, its 'iss' alone tells");
                            }
                            return read;
                        })
                        .toList();
    }

    /** The setting of this name. */
    String key(String setting) {
        return PREFIX + name + "." + setting;
    }

    /** Where its keys are, asked for over connections that trust these certificates. */
    KeyPlace keys(Vertx vertx, HttpClientOptions trust, InstantSource clock) {
        if (config.jwksFile().isPresent()) {
            return new KeyPlace.InFile(config.jwksFile().get());
        }
        HttpsFetcher fetcher = new HttpsFetcher(
                vertx,
                trust,
                new HttpsFetcher.Limits(config.connectTimeout(), config.timeout(), KeyPlace.MOST_OF_KEYS),
                FeedSettings.publicAddresses(
                        key("allowed-private-addresses"),
                        config.allowedPrivateAddresses().orElse(List.of())),
                InetAddress::getAllByName,
                clock);
        KeyPlace.Asking asking = new KeyPlace.Asking(fetcher, config.bearerTokenFile());
        return config.jwks().isPresent()
                ? new KeyPlace.AtUrl(url("jwks", config.jwks().get()), asking)
                : new KeyPlace.ByDiscovery(url("issuer", discovery()), asking);
    }

    /** Without a slash before it, whether the issuer's name ends with one or not (OpenID Connect Discovery 1.0, section 4.1). */
    private String discovery() {
        String url = config.issuer();
        return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + DISCOVERY;
    }

    private HttpsUrl url(String setting, String text) {
        return switch (HttpsUrl.read(text)) {
            case HttpsUrl.Understood understood -> understood.url();
            case HttpsUrl.Malformed malformed ->
                throw new StartFault(key(setting) + " is '" + text + "', which " + malformed.why()
                        + "; expected an https URL, or the issuer's keys under '" + key("jwks") + "' or '"
                        + key("jwks-file") + "'");
        };
    }

    Known known(KeyPlace keys) {
        return new Known(issuer, keys, pace);
    }

    /** Reads one issuer, and stops the start where it cannot be meant so. */
    private record Reader(String name, PosternConfig.Issuer config) {

        OidcSettings read() {
            if (!Names.isName(name)) {
                throw new StartFault(PREFIX + "'" + name + "' is not an issuer's name: " + Names.NAME_FORM);
            }
            if (config.issuer().isBlank()) {
                throw fault("issuer", "is empty; expected the 'iss' of its tokens");
            }
            if (config.audiences().isEmpty() || config.audiences().stream().anyMatch(String::isBlank)) {
                throw fault(
                        "audiences", "is empty; expected what its tokens are meant for, such as registry.example.com");
            }
            if (config.jwks().isPresent() && config.jwksFile().isPresent()) {
                throw fault("jwks", "and 'jwks-file' are both set; expected one of them, or neither");
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
            Issuer issuer = new Issuer(
                    config.issuer(),
                    new HashSet<>(config.audiences()),
                    new HashSet<>(config.algorithms()),
                    config.clockSkew(),
                    (int) longest,
                    rules());
            OidcSettings settings = new OidcSettings(
                    name,
                    config,
                    issuer,
                    new KeyPace(config.keysInterval(), config.keysRefresh(), config.keysMaxAge()));
            if (config.jwksFile().isEmpty()) {
                settings.url(
                        config.jwks().isPresent() ? "jwks" : "issuer",
                        config.jwks().orElseGet(settings::discovery));
            }
            return settings;
        }

        private IssuerRules rules() {
            if (config.accountClaim().isPresent() && config.accounts().isEmpty()) {
                throw fault(
                        "account-claim",
                        "is set, and 'accounts' is not: of which accounts the issuer is believed must be listed");
            }
            if (config.rolesClaim().isPresent() == config.roles().isEmpty()) {
                throw fault(
                        "roles-claim", "and 'roles' go together: the claim, and what a role of the issuer's is here");
            }
            Map<String, Role> roles = new HashMap<>();
            config.roles()
                    .forEach((theirs, ours) -> roles.put(
                            theirs,
                            Role.of(ours)
                                    .orElseThrow(() -> fault(
                                            "roles." + theirs,
                                            "is '" + ours + "'; expected Reader, Writer or Manager"))));
            return new IssuerRules(
                    name,
                    claim("subject-claim", config.subjectClaim()),
                    config.accountClaim().map(claim -> claim("account-claim", claim)),
                    config.accounts().map(Set::copyOf),
                    config.groupsClaim().map(claim -> claim("groups-claim", claim)),
                    config.rolesClaim().map(claim -> claim("roles-claim", claim)),
                    roles);
        }

        private String claim(String setting, String claim) {
            if (claim.isBlank() || claim.length() > MOST_OF_A_CLAIMS_NAME) {
                throw fault(setting, "is no claim's name; expected 1 to " + MOST_OF_A_CLAIMS_NAME + " characters");
            }
            return claim;
        }

        private void within(String setting, Duration value, Duration least, Duration most) {
            Bounds.check(PREFIX + name + "." + setting, value, least, most);
        }

        private StartFault fault(String setting, String why) {
            return new StartFault(PREFIX + name + "." + setting + " " + why);
        }
    }
}
