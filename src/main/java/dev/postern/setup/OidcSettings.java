package dev.postern.setup;

import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.oidc.Issuer;
import dev.postern.identity.oidc.Issuers.Known;
import dev.postern.identity.oidc.KeyPace;
import dev.postern.identity.oidc.KeyPlace;
import dev.postern.policy.Names;
import dev.postern.policy.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
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
        KeyPlace.Asking asking = keySettings().asking(vertx, trust, clock);
        return config.jwks().isPresent()
                ? new KeyPlace.AtUrl(keySettings().url("jwks", config.jwks().get()), asking)
                : new KeyPlace.ByDiscovery(keySettings().url("issuer", discovery()), asking);
    }

    private IssuerKeySettings keySettings() {
        return new IssuerKeySettings(PREFIX + name + ".", config);
    }

    /** Without a slash before it, whether the issuer's name ends with one or not (OpenID Connect Discovery 1.0, section 4.1). */
    private String discovery() {
        String url = config.issuer();
        return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + DISCOVERY;
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
            IssuerKeySettings keys = new IssuerKeySettings(PREFIX + name + ".", config);
            keys.check();
            Issuer issuer = new Issuer(
                    config.issuer(),
                    new HashSet<>(config.audiences()),
                    new HashSet<>(config.algorithms()),
                    config.clockSkew(),
                    keys.longest(),
                    rules());
            OidcSettings settings = new OidcSettings(name, config, issuer, keys.pace());
            if (config.jwks().isEmpty() && config.jwksFile().isEmpty()) {
                keys.url("issuer", settings.discovery());
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

        private StartFault fault(String setting, String why) {
            return new StartFault(PREFIX + name + "." + setting + " " + why);
        }
    }
}
