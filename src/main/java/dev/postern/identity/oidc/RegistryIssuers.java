package dev.postern.identity.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.identity.OutsideTokens;
import dev.postern.policy.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Token services of others: whose a registry token is, is judged by the one that it names ({@code iss}), by the keys that one
 * publishes, and by no other. What its header brings along ({@code jwk}, {@code jku}, {@code x5c}) is not looked at.
 */
public final class RegistryIssuers implements OutsideTokens, AutoCloseable {

    private static final int MOST_REMEMBERED = 4096;
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int MOST_OF_A_NAME = 512;

    private final Map<String, IssuerTokens> byUrl = new HashMap<>();
    private final NamedIssuers byName = new NamedIssuers();
    private final Digests digests = new Digests();
    private final ExecutorService verifiers = Verifiers.start();
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

    /** What tokens said, by a digest of the whole of each; nothing of who showed one, or from where. */
    private final Cache<String, Remembered> memory = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(LIFE)
            .executor(Runnable::run)
            .build();

    /**
     * What a token was found to say.
     *
     * @param issuer whose it is
     * @param keys by which it was verified: others make it forgotten
     * @param audiences for which registries it is
     */
    private record Remembered(IssuerTokens issuer, KeySet keys, Valid token, List<String> audiences, Instant expires) {

        boolean stands(Instant now) {
            return now.isBefore(expires)
                    && issuer.keys()
                            .atHand(now)
                            .filter(atHand -> atHand == keys)
                            .isPresent();
        }
    }

    /** Judges registry tokens of these issuers. */
    public RegistryIssuers(Collection<Issuers.Known> known) {
        for (Issuers.Known one : known) {
            IssuerKeys keys =
                    new IssuerKeys(KeySources.of(one.keys(), one.issuer().url()), one.pace(), askers);
            IssuerTokens tokens = new IssuerTokens(one.issuer(), keys, verifiers);
            if (byUrl.put(one.issuer().url(), tokens) != null) {
                throw new IllegalArgumentException(
                        "two issuers are called " + one.issuer().url());
            }
            byName.add(tokens);
        }
    }

    @Override
    public CompletableFuture<Reading> read(String text, String service, Instant now) {
        if (byUrl.isEmpty() || text.length() > TokenText.MOST) {
            return done(
                    new Invalid(Optional.empty(), byUrl.isEmpty() ? "not a registry token of ours" : "it is too long"));
        }
        String digest = digests.of(text);
        Remembered known = memory.getIfPresent(digest);
        if (known != null && known.stands(now)) {
            return done(isFor(service, known.issuer(), known.audiences()) ? known.token() : elsewhere(known.issuer()));
        }
        return switch (TokenText.read(text)) {
            case TokenText.NoToken none -> done(new Invalid(Optional.empty(), none.why()));
            case TokenText.Read read -> {
                IssuerTokens issuer = byUrl.get(read.token().issuer());
                yield issuer == null
                        ? done(new Invalid(Optional.empty(), "its issuer is none of the settings'"))
                        : judge(issuer, read.token(), service, digest, now);
            }
        };
    }

    private CompletableFuture<Reading> judge(
            IssuerTokens issuer, TokenText token, String service, String digest, Instant now) {
        // Tokens of other kinds say so (RFC 8725, section 3.11), whoever has signed them.
        if (token.type().filter(type -> !type.equalsIgnoreCase("JWT")).isPresent()) {
            return done(invalid(issuer, "it is a token of another kind (typ)"));
        }
        if (!isFor(service, issuer, token.claims().texts("aud"))) {
            return done(elsewhere(issuer));
        }
        // Asked before: what older keys have verified is not remembered as the newer ones' word.
        Optional<KeySet> before = issuer.keys().atHand(now);
        return issuer.judge(token, now).thenApply(verdict -> switch (verdict) {
            case Verdict.Good good -> {
                Reading reading = said(issuer, token);
                if (reading instanceof Valid valid
                        && before.isPresent()
                        && before.equals(issuer.keys().atHand(now))) {
                    memory.put(
                            digest,
                            new Remembered(
                                    issuer,
                                    before.get(),
                                    valid,
                                    token.claims().texts("aud"),
                                    good.token().expires()));
                }
                yield reading;
            }
            case Verdict.Bad bad -> new Invalid(bad.issuer(), "not taken: " + bad.why());
            case Verdict.Open open -> new Unknown(open.why());
        });
    }

    /** Whether both say so: the token, and the operator of the issuer. */
    private static boolean isFor(String service, IssuerTokens issuer, List<String> audiences) {
        return audiences.contains(service) && issuer.issuer().audiences().contains(service);
    }

    /** What a verified token says; its names are written as they may stand anywhere. */
    private static Reading said(IssuerTokens issuer, TokenText token) {
        Optional<RegistryClaims> claims = RegistryClaims.read(token.payload());
        Optional<String> subject = claims.map(RegistryClaims::subject)
                .flatMap(name -> name.isEmpty() ? Optional.of(name) : Printable.encode(name, MOST_OF_A_NAME));
        Optional<String> id = claims.flatMap(read -> Printable.encode(read.id(), MOST_OF_A_NAME));
        Optional<Instant> issuedAt = IssuerTokens.instant(token, "iat");
        if (claims.isEmpty() || subject.isEmpty() || id.isEmpty() || issuedAt.isEmpty()) {
            return invalid(issuer, "its claims are not those of a registry token");
        }
        return new Valid(
                issuer.issuer().name(),
                subject.get(),
                claims.get().access(),
                claims.get().boundTo(),
                id.get(),
                issuedAt.get());
    }

    private static Invalid elsewhere(IssuerTokens issuer) {
        return invalid(issuer, "it is for another registry");
    }

    private static Invalid invalid(IssuerTokens issuer, String why) {
        return new Invalid(Optional.of(issuer.issuer().name()), why);
    }

    private static CompletableFuture<Reading> done(Reading reading) {
        return CompletableFuture.completedFuture(reading);
    }

    /** Asks for keys where it is time to: once a second or so is often enough. */
    public void tick(Instant now) {
        byName.tick(now);
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
