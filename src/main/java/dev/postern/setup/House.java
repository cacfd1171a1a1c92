package dev.postern.setup;

import dev.postern.address.AddressRange;
import dev.postern.audit.RuleUse;
import dev.postern.decision.Gate;
import dev.postern.decision.SourceBinding;
import dev.postern.door.RegistrySettings;
import dev.postern.feed.load.FeedKeeper;
import dev.postern.identity.Authenticator;
import dev.postern.identity.BcryptWorkers;
import dev.postern.identity.RefreshLogin;
import dev.postern.identity.RegistryLogin;
import dev.postern.listener.Connections;
import dev.postern.listener.ProxyProtocolListener;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Problem;
import dev.postern.policy.load.PasswordFiles;
import dev.postern.policy.load.PolicySource;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.LinkKeys;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import dev.postern.throttle.Mark;
import dev.postern.throttle.Throttle;
import dev.postern.token.RefreshTokens;
import dev.postern.token.ReusedTokens;
import dev.postern.token.Revocations;
import dev.postern.token.TokenIssuer;
import dev.postern.token.TokenKeys;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.cache.Cache;
import io.quarkus.cache.CacheName;
import io.quarkus.cache.CaffeineCache;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.net.BindException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Makes the objects of the house from the settings, once, at start; and stops the start where one cannot be made. */
@ApplicationScoped
public class House {

    private static final Logger LOG = Logger.getLogger(House.class);

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final PosternConfig config;
    private final InstantSource clock = InstantSource.system();
    private final SigningKeys keys;
    private final SourceSettings sourceSettings;
    private final ExamplePolicyOrOwn policy;
    private final Optional<BundleService> bundle;
    private final TokenService tokens;
    private final RegistrySettings registry;
    private final FeedService feeds;
    private final Gate gate;
    private final PolicyStore policies;
    private final RuleUse ruleUse = new RuleUse();
    private final CredentialSettings credentials;
    private final BcryptWorkers bcrypt;
    private final ReplicaService replicas;
    private final Throttle throttle;
    private final OidcService oidc;
    private final RegistryIssuerService registryIssuers;
    private final ProxyProtocolListener proxyListener = new ProxyProtocolListener();
    private final MeterRegistry meters;
    private final List<Meter> shown = new ArrayList<>();
    private final Ticks ticks = new Ticks();
    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong rejections = new AtomicLong();
    /** When the last look at the policy began, by {@link System#nanoTime}. */
    private volatile long lookBegan;

    private volatile Optional<Instant> feedsAwaitedSince = Optional.empty();

    /** Whose policy is used, and where it is. */
    private record ExamplePolicyOrOwn(PolicyLocation location, Optional<ExamplePolicy> example) {}

    House(
            PosternConfig config,
            MeterRegistry meters,
            Vertx vertx,
            TlsConfigurationRegistry tls,
            OidcService.Memories memories,
            Instance<Redis> redis) {
        this.config = config;
        Bounds.check(
                "postern.token.lifetime",
                config.token().lifetime(),
                TokenIssuer.SHORTEST_LIFETIME,
                Duration.ofHours(24));
        Bounds.check(
                "postern.token.refresh-lifetime",
                config.token().refreshLifetime(),
                RefreshTokens.SHORTEST_LIFETIME,
                RefreshTokens.LONGEST_LIFETIME);
        Bounds.check("postern.policy-refresh", config.policyRefresh(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        this.sourceSettings = SourceSettingsReader.read(config);
        this.keys = SigningKeys.load(config, tls, vertx, clock.instant());
        this.tokens = new TokenService(config, keys.ring());
        this.registry = RegistrySettingsReader.read(config);
        this.policy = policy(config);
        this.feeds = new FeedService(
                FeedSettings.read(config),
                vertx,
                FetchTrust.of(FeedSettings.TLS, config.feeds().tlsConfigurationName(), tls),
                meters,
                clock);
        this.gate = gate(config);
        this.credentials = CredentialSettings.read(config);
        this.bcrypt = new BcryptWorkers(credentials.longestWait());
        this.replicas = new ReplicaService(config, vertx, redis::get, clock, tokens, this::learn, meters);
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.throttle = new Throttle(credentials.limits(), secret, replicas::tell);
        List<OidcSettings> issuers = OidcSettings.read(config);
        this.oidc = new OidcService(issuers, IamSettings.read(config, issuers), memories, vertx, tls, clock);
        this.registryIssuers = new RegistryIssuerService(RegistryIssuerSettings.read(config), vertx, tls, clock);
        PolicyCompiler compiler = compiler(sourceSettings, credentials.maxBcryptCost(), issuers);
        this.bundle = bundle(config, policy.location(), compiler, vertx, tls);
        this.policies = new PolicyStore(
                source(policy.location(), compiler),
                compiler,
                feeds.keeper(),
                PolicyReview.of(gate, sourceSettings),
                clock,
                this::report);
        feeds.keeper().reviewedBy(policies::objection);
        this.meters = meters;
        shown.addAll(HouseMeters.register(meters));
        shown.addAll(HouseMeters.register(policies, loads, rejections, clock, meters));
        shown.addAll(HouseMeters.register(proxyListener, meters));
        shown.addAll(TokenMeters.register(tokens, keys, clock, meters));
        shown.addAll(CredentialMeters.register(bcrypt, throttle, clock, meters));
        shown.addAll(CredentialMeters.register(oidc, registryIssuers, clock, meters));
    }

    private void learn(Mark mark, Instant at) {
        throttle.learn(mark, at);
    }

    private static ExamplePolicyOrOwn policy(PosternConfig config) {
        if (config.policy().isEmpty()) {
            ExamplePolicy example = ExamplePolicy.in(config.data());
            return new ExamplePolicyOrOwn(new PolicyLocation.Local(example.file()), Optional.of(example));
        }
        return new ExamplePolicyOrOwn(
                switch (PolicyLocation.of(config.policy().get())) {
                    case PolicyLocation.Local own ->
                        new PolicyLocation.Local(own.path().toAbsolutePath());
                    case PolicyLocation.Remote remote -> remote;
                },
                Optional.empty());
    }

    private Optional<BundleService> bundle(
            PosternConfig config,
            PolicyLocation location,
            PolicyCompiler compiler,
            Vertx vertx,
            TlsConfigurationRegistry tls) {
        return switch (location) {
            case PolicyLocation.Local local -> {
                BundleSettings.requireNone(config);
                yield Optional.empty();
            }
            case PolicyLocation.Remote remote ->
                Optional.of(new BundleService(
                        BundleSettings.read(config, remote.url()),
                        compiler,
                        vertx,
                        FetchTrust.of(BundleSettings.TLS, config.bundle().tlsConfigurationName(), tls),
                        clock));
        };
    }

    private PolicySource source(PolicyLocation location, PolicyCompiler compiler) {
        PolicySource documents = switch (location) {
            case PolicyLocation.Local local -> PolicySource.files(local.path(), compiler);
            case PolicyLocation.Remote remote -> bundle.orElseThrow().keeper();
        };
        return PasswordFiles.beside(documents, credentials.passwordFiles(), compiler);
    }

    /** The compiler that the settings mean. */
    static PolicyCompiler compiler(PosternConfig config) {
        return compiler(
                SourceSettingsReader.read(config),
                CredentialSettings.read(config).maxBcryptCost(),
                OidcSettings.read(config));
    }

    static PolicyCompiler compiler(SourceSettings settings, int maxBcryptCost, List<OidcSettings> issuers) {
        return new PolicyCompiler(
                new KnownEndpoints(
                        settings.privateEndpoints().stream()
                                .map(SourceSettings.PrivateEndpoint::name)
                                .collect(Collectors.toSet()),
                        settings.privateEndpoints().stream()
                                .flatMap(endpoint -> endpoint.linkIds().stream())
                                .collect(Collectors.toSet()),
                        issuers.stream().map(OidcSettings::name).collect(Collectors.toSet())),
                maxBcryptCost);
    }

    static Gate gate(PosternConfig config) {
        return new Gate(config.region(), config.referUrl().map(URI::toString));
    }

    private void report(PolicyStore.Change change) {
        switch (change) {
            case PolicyStore.Loaded loaded -> {
                loads.incrementAndGet();
                Policy taken = loaded.policy();
                ruleUse.follow(taken, clock.instant());
                LOG.infof(
                        "policy %s in force: %d accounts, %d rules, from %s, after %.1f s",
                        taken.version(),
                        taken.accounts().size(),
                        taken.ruleCount(),
                        policy.location(),
                        (System.nanoTime() - lookBegan) / 1e9);
                for (Problem warning : loaded.warnings()) {
                    LOG.warn(warning.toString());
                }
                OverlapCheck.run(taken, sourceSettings).forEach(LOG::warn);
            }
            case PolicyStore.Relinked relinked ->
                LOG.infof(
                        "policy %s in force with what its feeds hold now",
                        relinked.policy().version());
            case PolicyStore.Confirmed confirmed ->
                LOG.infof(
                        "policy %s in force is again what there is at %s",
                        confirmed.policy().version(), policy.location());
            case PolicyStore.Rejected rejected
            when policies.awaitsFeeds() -> LOG.warnf("the policy waits for its feeds:%n%s", rejected.why());
            case PolicyStore.Rejected rejected -> {
                rejections.incrementAndGet();
                if (policies.state().inForce().isPresent()) {
                    LOG.errorf("the policy was not taken, what was in force stays so:%n%s", rejected.why());
                } else if (bundle.isPresent()) {
                    LOG.errorf("there is no policy, and nobody is let in:%n%s", rejected.why());
                }
                // Else it is the start, and the fault that stops it says the same.
            }
        }
    }

    /** Runs before everything else at start: what cannot be served must not be listened for. */
    void start(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event,
            Config settings,
            RefreshLogin login) {
        shown.addAll(TokenMeters.register(login, meters));
        bundle.ifPresent(BundleService::begin);
        look();
        awaitFeeds();
        Optional<Policy> inForce = policies.state().inForce();
        // A server that is down, or has a bad bundle, is asked again; what is wrong with files, a person mends.
        if (inForce.isEmpty() && bundle.isEmpty()) {
            throw new StartFault("the policy cannot be used:\n"
                    + policies.state().rejection().orElse("nothing was read"));
        }
        List<ReadinessCheck> checks = ReadinessCheck.run(config, Listeners.of(settings), keys, sourceSettings, inForce);
        boolean production = ConfigUtils.getProfiles().contains("prod");
        if (production && checks.stream().anyMatch(ReadinessCheck::severe)) {
            throw new StartFault("this is not ready for production (profile prod):\n"
                    + checks.stream()
                            .filter(ReadinessCheck::severe)
                            .map(check -> "  " + check.property() + ": " + check.message())
                            .collect(Collectors.joining("\n"))
                    + "\nMend these, or start with another profile: postern serve --profile local");
        }
        checks.forEach(check -> LOG.warnf(
                "%s %s: %s",
                production ? "not as it should be:" : "not for production:", check.property(), check.message()));
        FastSigning.loadAside(tokens.keys());
        replicas.begin();
        ticks.every(config.policyRefresh(), this::refreshPolicy);
        ticks.every(SECOND, this::refreshTokens);
        ticks.every(SECOND, this::refreshFeeds);
        ticks.every(SECOND, this::refreshBundle);
        ticks.every(SECOND, this::refreshIssuersKeys);
    }

    private void look() {
        lookBegan = System.nanoTime();
        policies.refresh();
    }

    /** Where there is no copy of a feed yet, its publisher has a while to answer; then the start goes on as it can. */
    private void awaitFeeds() {
        if (!policies.awaitsFeeds()) {
            return;
        }
        try {
            feeds.keeper().awaitFirst(config.feeds().startTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        look();
        policies.doWithoutFeeds();
    }

    /** Aside from the policy's refresh: what a feed costs is never waited for there. */
    private void refreshFeeds() {
        feeds.tick();
    }

    /** The same of a bundle's server. */
    private void refreshBundle() {
        bundle.ifPresent(BundleService::tick);
    }

    /** The same of issuers. */
    private void refreshIssuersKeys() {
        oidc.tick();
        registryIssuers.tick();
    }

    void stop(@Observes ShutdownEvent event) {
        ticks.close();
        replicas.close();
        oidc.close();
        registryIssuers.close();
        bundle.ifPresent(BundleService::close);
        feeds.close();
        bcrypt.close();
        // The registry outlives the house where one process has several, one after the other.
        shown.forEach(meters::remove);
    }

    private void refreshPolicy() {
        look();
        if (bundle.isPresent()) {
            awaitFeedsOfALateBundle();
        }
    }

    /** The first bundle may come long after the start; its feeds have as long as they would have had then. */
    private void awaitFeedsOfALateBundle() {
        if (policies.state().inForce().isPresent() || !policies.awaitsFeeds()) {
            feedsAwaitedSince = Optional.empty();
            return;
        }
        Instant now = clock.instant();
        if (feedsAwaitedSince.isEmpty()) {
            feedsAwaitedSince = Optional.of(now);
        } else if (feedsAwaitedSince.get().plus(config.feeds().startTimeout()).isBefore(now)) {
            policies.doWithoutFeeds();
        }
    }

    /** What signs, and what is revoked. */
    private void refreshTokens() {
        tokens.refresh(keys, clock.instant());
    }

    /** Opens the PROXY protocol listener, where there is one: a port in use stops the start. */
    void listen(@Observes StartupEvent event, Vertx vertx, Config settings) {
        PosternConfig.ProxyProtocol proxy = config.source().proxyProtocol();
        if (!proxy.enabled()) {
            return;
        }
        Bounds.check(
                "postern.source.proxy-protocol.header-timeout",
                proxy.headerTimeout(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
        String key = "postern.source.proxy-protocol.trusted-senders";
        List<AddressRange> senders =
                SourceSettingsReader.ranges(key, proxy.trustedSenders().orElse(List.of()));
        if (senders.isEmpty()) {
            throw new StartFault(key + " is empty: nobody could send a header."
                    + " Expected the addresses of the load balancers that do.");
        }
        Bounds.check("postern.source.proxy-protocol.max-connections", proxy.maxConnections(), 1, 1_000_000);
        Listeners listeners = Listeners.of(settings);
        if (!listeners.plain() && proxy.sslPort().isEmpty()) {
            throw new StartFault("postern.source.proxy-protocol has no ssl-port, and the plain HTTP port that its port"
                    + " would lead to is off (quarkus.http.insecure-requests)");
        }
        var options =
                new ProxyProtocolListener.Options(proxy.host(), senders, proxy.headerTimeout(), proxy.maxConnections());
        if (listeners.plain()) {
            listen(vertx, options, proxy.port(), listeners.target(), () -> port(settings, "quarkus.http.port", 8080));
        }
        if (proxy.sslPort().isPresent()) {
            int sslPort = proxy.sslPort().getAsInt();
            listen(vertx, options, sslPort, listeners.target(), () -> port(settings, "quarkus.http.ssl-port", 8443));
        }
    }

    private void listen(
            Vertx vertx, ProxyProtocolListener.Options options, int port, String targetHost, IntSupplier targetPort) {
        try {
            proxyListener.listen(vertx, options, port, targetHost, targetPort);
        } catch (CompletionException e) {
            if (e.getCause() instanceof BindException) {
                throw new StartFault("postern.source.proxy-protocol: " + options.host() + ":" + port
                        + " is in use already, or the address is not this machine's; free it, or set another"
                        + " port or host");
            }
            throw e;
        }
    }

    /** Asked for at each connection: a random port is known only after the start. */
    private static int port(Config settings, String key, int unset) {
        return settings.getOptionalValue(key, Integer.class).orElse(unset);
    }

    /** When another key signs than now, where that is known. */
    Optional<Instant> nextKeyAt() {
        return keys.changesAt();
    }

    /** What a person needs to know after the start. */
    StartReport report() {
        return new StartReport(
                config, keys, policy.location().toString(), policy.example().flatMap(ExamplePolicy::newApiKey));
    }

    @Produces
    @Singleton
    PolicyStore policies() {
        return policies;
    }

    @Produces
    @Singleton
    RuleUse ruleUse() {
        return ruleUse;
    }

    @Produces
    @Singleton
    FeedKeeper feeds() {
        return feeds.keeper();
    }

    @Produces
    @Singleton
    OidcService oidc() {
        return oidc;
    }

    @Produces
    @Singleton
    RegistryIssuerService registryIssuers() {
        return registryIssuers;
    }

    @Produces
    @Singleton
    ReplicaService replicas() {
        return replicas;
    }

    @Produces
    @Singleton
    TokenService tokenService() {
        return tokens;
    }

    @Produces
    @Singleton
    TokenIssuer issuer() {
        return tokens.issuer();
    }

    @Produces
    @Singleton
    TokenKeys tokenKeys() {
        return tokens.keys();
    }

    @Produces
    @Singleton
    ReusedTokens reusedTokens() {
        return tokens.reused();
    }

    @Produces
    @Singleton
    Revocations revocations() {
        return tokens.revocations();
    }

    @Produces
    @Singleton
    SourceBinding.Width bindToSource() {
        return tokens.binding();
    }

    @Produces
    @Singleton
    RefreshLogin refreshLogin(InstantSource now) {
        return tokens.refreshLogin(now, replicas::takesRefreshTokens);
    }

    @Produces
    @Singleton
    RegistrySettings registry() {
        return registry;
    }

    @Produces
    @Singleton
    RegistryLogin registryLogin() {
        return tokens.registryLogin(registryIssuers.tokens());
    }

    @Produces
    @Singleton
    SourceSettings sourceSettings() {
        return sourceSettings;
    }

    @Produces
    @Singleton
    LinkKeys linkKeys() {
        return sourceSettings.linkKeys();
    }

    @Produces
    @Singleton
    SourceResolver sources() {
        return new SourceResolver(sourceSettings);
    }

    @Produces
    @Singleton
    Connections connections() {
        return proxyListener.connections();
    }

    @Produces
    @Singleton
    Authenticator authenticator(
            @CacheName(CachedPasswords.NAME) Cache cache, InstantSource clock, RefreshLogin refreshLogin) {
        return new Authenticator(
                bcrypt,
                new CachedPasswords(cache.as(CaffeineCache.class)),
                throttle,
                clock,
                refreshLogin,
                oidc.identities());
    }

    @Produces
    @Singleton
    Gate gate() {
        return gate;
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return clock;
    }
}
