package dev.postern.identity.oidc;

import dev.postern.identity.Authentication;
import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Authentication.Rejected;
import dev.postern.identity.Authentication.RejectedToken;
import dev.postern.identity.Authentication.Unavailable;
import dev.postern.identity.OutsideIdentities;
import dev.postern.identity.federation.Federation;
import dev.postern.identity.oidc.Verdict.Bad;
import dev.postern.identity.oidc.Verdict.Good;
import dev.postern.identity.oidc.Verdict.Open;
import dev.postern.policy.Policy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The issuers of the settings: whose a token is, is judged by the one that it names, and by no other. */
public final class Issuers implements OutsideIdentities, AutoCloseable {

    private final Map<String, IssuerTokens> byUrl = new HashMap<>();
    private final NamedIssuers byName = new NamedIssuers();
    private final TokenMemory memory;
    private final InstantSource clock;
    private final Digests digests = new Digests();
    private final Optional<IamKeys> iam;
    private final ExecutorService verifiers;
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

    /** An issuer, how its keys are had and how often. */
    public record Known(Issuer issuer, KeyPlace keys, KeyPace pace) {}

    /**
     * An IAM.
     *
     * @param issuer the name of the issuer whose tokens it gives
     * @param memory of which API keys it gave what
     */
    public record Iam(String issuer, KeyExchange exchange, TokenMemory memory) {}

    /** Judges tokens of these issuers. */
    public Issuers(Collection<Known> known, TokenMemory memory, InstantSource clock) {
        this(known, memory, Optional.empty(), clock);
    }

    /** Judges tokens of these issuers, and API keys of this IAM. */
    public Issuers(Collection<Known> known, TokenMemory memory, Optional<Iam> iam, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
        this.verifiers = Verifiers.start();
        for (Known one : known) {
            IssuerTokens tokens = new IssuerTokens(
                    one.issuer(),
                    new IssuerKeys(KeySources.of(one.keys(), one.issuer().url()), one.pace(), askers),
                    verifiers);
            if (byUrl.put(one.issuer().url(), tokens) != null) {
                throw new IllegalArgumentException(
                        "two issuers are called " + one.issuer().url());
            }
            byName.add(tokens);
        }
        this.iam = iam.map(one ->
                new IamKeys(one.exchange(), byName.of(one.issuer()).orElseThrow(), one.memory(), digests, clock));
    }

    @Override
    public CompletableFuture<Authentication> byToken(Policy policy, String token, Optional<String> account) {
        return judge(token).thenApply(verdict -> identified(policy, verdict, "oidc:", account));
    }

    private Authentication identified(Policy policy, Verdict verdict, String kind, Optional<String> account) {
        return switch (verdict) {
            case Good good -> {
                Issuer issuer = issuer(good.token().issuer());
                yield switch (Federation.find(
                        policy, issuer.rules(), good.token().claims(), kind + issuer.name(), account)) {
                    case Federation.Found found -> new Authenticated(found.identity());
                    case Federation.Nobody nobody ->
                        new RejectedToken(Optional.of(issuer.name()), nobody.subject(), nobody.why());
                };
            }
            case Bad bad -> new RejectedToken(bad.issuer(), Optional.empty(), "not taken: " + bad.why());
            case Open open -> new Unavailable(open.why());
        };
    }

    private Issuer issuer(String name) {
        return byName.of(name).orElseThrow().issuer();
    }

    private CompletableFuture<Verdict> judge(String text) {
        if (byUrl.isEmpty() || text.length() > TokenText.MOST) {
            return done(new Bad(
                    Optional.empty(), byUrl.isEmpty() ? "there are no issuers in the settings" : "it is too long"));
        }
        Instant now = clock.instant();
        String digest = digests.of(text);
        Optional<VerifiedToken> known = memory.recall(digest).filter(token -> now.isBefore(token.expires()));
        if (known.isPresent()) {
            return done(new Good(known.get()));
        }
        return switch (TokenText.read(text)) {
            case TokenText.NoToken none -> done(new Bad(Optional.empty(), none.why()));
            case TokenText.Read read -> {
                IssuerTokens tokens = byUrl.get(read.token().issuer());
                yield tokens == null
                        ? done(new Bad(Optional.empty(), "its issuer is none of the settings'"))
                        : tokens.judge(read.token(), now).thenApply(verdict -> {
                            if (verdict instanceof Good good) {
                                memory.remember(digest, good.token());
                            }
                            return verdict;
                        });
            }
        };
    }

    private static CompletableFuture<Verdict> done(Verdict verdict) {
        return CompletableFuture.completedFuture(verdict);
    }

    @Override
    public CompletableFuture<Authentication> byApiKey(Policy policy, String key, boolean mayAsk) {
        return iam.map(keys -> keys.judge(key, mayAsk)
                        .thenApply(verdict -> identified(policy, verdict, "iam-api-key:", Optional.empty())))
                .orElseGet(() -> CompletableFuture.completedFuture(new Rejected()));
    }

    /** Asks for keys where it is time to: once a second or so is often enough. */
    public void tick() {
        byName.tick(clock.instant());
    }

    /** The issuers that did not answer when they were asked last, and why. */
    public Map<String, String> troubles() {
        return byName.troubles();
    }

    /** When the keys at hand were asked for, of each issuer; empty where there are none. */
    public Map<String, Optional<Instant>> keys() {
        return byName.keys();
    }

    @Override
    public void close() {
        verifiers.shutdownNow();
        askers.shutdownNow();
    }
}
