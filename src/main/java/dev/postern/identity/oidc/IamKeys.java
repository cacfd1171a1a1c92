package dev.postern.identity.oidc;

import dev.postern.identity.oidc.KeyExchange.Answer;
import dev.postern.identity.oidc.KeyExchange.Given;
import dev.postern.identity.oidc.KeyExchange.Refused;
import dev.postern.identity.oidc.KeyExchange.Silent;
import dev.postern.identity.oidc.Verdict.Bad;
import dev.postern.identity.oidc.Verdict.Good;
import dev.postern.identity.oidc.Verdict.Open;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** API keys of an IAM: exchanged for a token there, which is verified as every token of its issuer is. */
final class IamKeys {

    /** The keys of a policy begin so; they are nobody else's to know, mistyped ones neither. */
    private static final String OWN_KEYS = "postern_";

    private static final int LONGEST = 512;
    private static final int MOST_UNDER_WAY = 500;

    private final KeyExchange exchange;
    private final IssuerTokens tokens;
    private final TokenMemory memory;
    private final Digests digests;
    private final InstantSource clock;
    /** What is under way, so that of a thousand with one key one asks. */
    private final Map<String, CompletableFuture<Verdict>> underWay = new ConcurrentHashMap<>();

    IamKeys(KeyExchange exchange, IssuerTokens tokens, TokenMemory memory, Digests digests, InstantSource clock) {
        this.exchange = exchange;
        this.tokens = tokens;
        this.memory = memory;
        this.digests = digests;
        this.clock = clock;
    }

    /** What the IAM says of the key's owner; unless it may be asked, what it is remembered to have said. */
    CompletableFuture<Verdict> judge(String key, boolean mayAsk) {
        boolean possible = !key.startsWith(OWN_KEYS)
                && key.length() <= LONGEST
                && key.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (!possible) {
            return CompletableFuture.completedFuture(bad("the API key is none of an IAM"));
        }
        String digest = digests.of(key);
        Instant now = clock.instant();
        Optional<VerifiedToken> known = memory.recall(digest).filter(token -> now.isBefore(token.expires()));
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(new Good(known.get()));
        }
        if (!mayAsk) {
            return CompletableFuture.completedFuture(bad("the IAM is not asked: too many credentials were wrong"));
        }
        if (underWay.size() >= MOST_UNDER_WAY) {
            return CompletableFuture.completedFuture(new Open("too many API keys wait for the IAM"));
        }
        CompletableFuture<Verdict> mine = new CompletableFuture<>();
        CompletableFuture<Verdict> others = underWay.putIfAbsent(digest, mine);
        if (others != null) {
            return others.copy();
        }
        return ask(key).exceptionally(failure -> new Open(
                        "the IAM cannot be asked (" + failure.getClass().getSimpleName() + ")"))
                .thenApply(verdict -> {
                    if (verdict instanceof Good good) {
                        memory.remember(digest, good.token());
                    }
                    underWay.remove(digest);
                    mine.complete(verdict);
                    return verdict;
                });
    }

    private CompletableFuture<Verdict> ask(String key) {
        try {
            return exchange.exchange(key).toCompletableFuture().thenCompose(this::judge);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Verdict> judge(Answer answer) {
        return switch (answer) {
            case Refused refused -> CompletableFuture.completedFuture(bad("the IAM refuses the API key"));
            case Silent silent -> CompletableFuture.completedFuture(new Open("the IAM: " + silent.why()));
            case Given given ->
                switch (TokenText.read(given.token())) {
                    case TokenText.NoToken none -> CompletableFuture.completedFuture(foreign());
                    case TokenText.Read read ->
                        read.token().issuer().equals(tokens.issuer().url())
                                ? tokens.judgeGiven(read.token(), clock.instant())
                                : CompletableFuture.completedFuture(foreign());
                };
        };
    }

    private Bad foreign() {
        return bad("the IAM gave a token that is not the issuer's");
    }

    private Bad bad(String why) {
        return new Bad(Optional.of(tokens.issuer().name()), why);
    }
}
