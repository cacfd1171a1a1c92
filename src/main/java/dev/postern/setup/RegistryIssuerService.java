package dev.postern.setup;

import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.OutsideTokens;
import dev.postern.identity.oidc.Issuers.Known;
import dev.postern.identity.oidc.KeyPlace;
import dev.postern.identity.oidc.RegistryIssuers;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The token services of others, those who ask them for their keys, and what is told of them. */
final class RegistryIssuerService implements AutoCloseable {

    private final List<HttpsFetcher> fetchers = new ArrayList<>();
    private final RegistryIssuers issuers;
    private final InstantSource clock;
    private final IssuerTroubles told = new IssuerTroubles("postern.registry.issuers");

    RegistryIssuerService(
            List<RegistryIssuerSettings> settings, Vertx vertx, TlsConfigurationRegistry tls, InstantSource clock) {
        this.clock = clock;
        List<Known> known = new ArrayList<>();
        for (RegistryIssuerSettings each : settings) {
            KeyPlace place = each.place(
                    vertx,
                    FetchTrust.of(
                            each.key("tls-configuration-name"), each.config().tlsConfigurationName(), tls),
                    clock);
            if (place instanceof KeyPlace.AtUrl at) {
                fetchers.add(at.asking().fetcher());
            }
            known.add(each.known(place));
        }
        this.issuers = new RegistryIssuers(known);
    }

    OutsideTokens tokens() {
        return issuers;
    }

    /** Asks for keys where it is time to, and tells of issuers that do not answer, once. */
    void tick() {
        issuers.tick(clock.instant());
        told.tell(issuers.troubles());
    }

    /** The issuers that did not answer when they were asked last, and why. */
    Map<String, String> troubles() {
        return issuers.troubles();
    }

    /** When the keys at hand were asked for, of each issuer; empty where there are none. */
    Map<String, Optional<Instant>> keys() {
        return issuers.keys();
    }

    @Override
    public void close() {
        issuers.close();
        fetchers.forEach(HttpsFetcher::close);
    }
}
