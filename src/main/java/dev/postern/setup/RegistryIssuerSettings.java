package dev.postern.setup;

import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.oidc.Issuer;
import dev.postern.identity.oidc.Issuers.Known;
import dev.postern.identity.oidc.KeyPlace;
import dev.postern.policy.Names;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the settings say of one token service of another's, checked. */
record RegistryIssuerSettings(String name, PosternConfig.RegistryIssuer config, Issuer issuer) {

    private static final String PREFIX = "postern.registry.issuers.";

    /** All of them, by name. */
    static List<RegistryIssuerSettings> read(PosternConfig config) {
        Map<String, String> urls = new HashMap<>();
        return new TreeMap<>(config.registry().issuers())
                .entrySet().stream()
                        .map(entry -> {
                            RegistryIssuerSettings read = read(entry.getKey(), entry.getValue(), config);
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

    private static RegistryIssuerSettings read(String name, PosternConfig.RegistryIssuer config, PosternConfig whole) {
        if (!Names.isName(name)) {
            throw new StartFault(PREFIX + "'" + name + "' is not an issuer's name: " + Names.NAME_FORM);
        }
        IssuerKeySettings keys = new IssuerKeySettings(PREFIX + name + ".", config);
        if (config.issuer().isBlank()) {
            throw keys.fault("issuer", "is empty; expected the 'iss' of its tokens");
        }
        if (config.issuer().equals(whole.issuer())) {
            throw keys.fault(
                    "issuer",
                    "is '" + whole.issuer() + "', which is postern.issuer: another's tokens would be called ours."
                            + " Expected the 'iss' of that token service");
        }
        List<String> audiences = config.audiences().orElse(List.of(whole.service()));
        if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
            throw keys.fault(
                    "audiences", "is empty; expected the service names of registries, such as registry.example.com");
        }
        if (config.jwks().isEmpty() && config.jwksFile().isEmpty()) {
            throw keys.fault("jwks", "is not set, nor is 'jwks-file'; expected where its public keys are");
        }
        keys.check();
        return new RegistryIssuerSettings(
                name,
                config,
                new Issuer(
                        config.issuer(),
                        new HashSet<>(audiences),
                        new HashSet<>(config.algorithms()),
                        config.clockSkew(),
                        keys.longest(),
                        IssuerRules.of(name)));
    }

    /** The registries beside Postern's own for which there are tokens, and where they are, where that is said. */
    static Map<String, Optional<String>> others(PosternConfig config) {
        Map<String, Optional<String>> others = new HashMap<>();
        for (RegistryIssuerSettings each : read(config)) {
            Optional<String> realm = each.config.realm();
            realm.filter(url -> !RegistrySettingsReader.isUrl(url)).ifPresent(url -> {
                throw each.keys()
                        .fault(
                                "realm",
                                "is '" + url + "'; expected the URL of that token service, such as"
                                        + " https://auth.example.com/token");
            });
            for (String audience : each.issuer.audiences()) {
                if (!audience.equals(config.service())) {
                    others.merge(audience, realm, (one, other) -> each.same(audience, one, other));
                }
            }
            if (realm.isPresent() && each.issuer.audiences().equals(Set.of(config.service()))) {
                throw each.keys()
                        .fault(
                                "realm",
                                "is set, and its tokens are for postern.service alone: the realm of that is"
                                        + " postern.registry.realm");
            }
        }
        return others;
    }

    private Optional<String> same(String audience, Optional<String> one, Optional<String> other) {
        if (one.isPresent() && other.isPresent() && !one.equals(other)) {
            throw keys().fault(
                            "realm",
                            "is not that of another issuer for '" + audience
                                    + "': who comes without a token can be sent to one of them");
        }
        return one.or(() -> other);
    }

    private IssuerKeySettings keys() {
        return new IssuerKeySettings(PREFIX + name + ".", config);
    }

    /** The setting of this name. */
    String key(String setting) {
        return keys().key(setting);
    }

    /** Where its keys are, asked for over connections that trust these certificates. */
    KeyPlace place(Vertx vertx, HttpClientOptions trust, InstantSource clock) {
        return config.jwksFile().isPresent()
                ? new KeyPlace.InFile(config.jwksFile().get())
                : new KeyPlace.AtUrl(
                        keys().url("jwks", config.jwks().orElseThrow()), keys().asking(vertx, trust, clock));
    }

    Known known(KeyPlace place) {
        return new Known(issuer, place, keys().pace());
    }
}
