package dev.postern.setup;

import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.OutsideIdentities;
import dev.postern.identity.oidc.IamExchange;
import dev.postern.identity.oidc.Issuers;
import dev.postern.identity.oidc.Issuers.Known;
import dev.postern.identity.oidc.KeyPlace;
import dev.postern.identity.oidc.TokenMemory;
import dev.postern.identity.oidc.VerifiedToken;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The issuers of the settings, those who ask them, and what is told of them. */
final class OidcService implements AutoCloseable {

    private final List<HttpsFetcher> fetchers = new ArrayList<>();
    private final Optional<IamExchange> exchange;
    private final Issuers issuers;
    private final IssuerTroubles told = new IssuerTroubles("postern.oidc");

    OidcService(
            List<OidcSettings> settings,
            Optional<IamSettings> iam,
            Memories memories,
            Vertx vertx,
            TlsConfigurationRegistry tls,
            InstantSource clock) {
        List<Known> known = new ArrayList<>();
        for (OidcSettings each : settings) {
            KeyPlace place = each.keys(
                    vertx,
                    FetchTrust.of(
                            each.key("tls-configuration-name"), each.config().tlsConfigurationName(), tls),
                    clock);
            fetcher(place);
            known.add(each.known(place));
        }
        this.exchange = iam.map(one -> new IamExchange(
                vertx,
                FetchTrust.of(IamSettings.TLS, one.config().tlsConfigurationName(), tls),
                one.endpoint(),
                new IamExchange.Limits(
                        one.config().connectTimeout(),
                        one.config().timeout(),
                        one.config().retries())));
        this.issuers = new Issuers(
                known,
                memories.ofTokens(),
                iam.flatMap(one -> exchange.map(made -> new Issuers.Iam(
                        one.issuer(),
                        made,
                        new BoundedMemory(memories.ofApiKeys(), one.config().cache(), clock)))),
                clock);
    }

    /**
     * What was found is remembered here.
     *
     * @param ofTokens what tokens say
     * @param ofApiKeys what the IAM says of API keys
     */
    record Memories(TokenMemory ofTokens, TokenMemory ofApiKeys) {}

    /** Forgets earlier than the token does: its life is cut to so long from now. */
    private record BoundedMemory(TokenMemory memory, Duration longest, InstantSource clock) implements TokenMemory {
        @Override
        public Optional<VerifiedToken> recall(String digest) {
            return memory.recall(digest);
        }

        @Override
        public void remember(String digest, VerifiedToken token) {
            Instant latest = clock.instant().plus(longest);
            memory.remember(
                    digest,
                    token.expires().isBefore(latest)
                            ? token
                            : new VerifiedToken(token.issuer(), token.claims(), latest));
        }
    }

    private void fetcher(KeyPlace place) {
        switch (place) {
            case KeyPlace.InFile file -> {}
            case KeyPlace.AtUrl at -> fetchers.add(at.asking().fetcher());
            case KeyPlace.ByDiscovery by -> fetchers.add(by.asking().fetcher());
        }
    }

    OutsideIdentities identities() {
        return issuers;
    }

    /** Asks for keys where it is time to, and tells of issuers that do not answer, once. */
    void tick() {
        issuers.tick();
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
        exchange.ifPresent(IamExchange::close);
    }
}
