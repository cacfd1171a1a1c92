package dev.postern.identity.oidc;

import dev.postern.identity.oidc.IssuerKeys.Found;
import dev.postern.identity.oidc.IssuerKeys.Has;
import dev.postern.identity.oidc.IssuerKeys.Lacks;
import dev.postern.identity.oidc.IssuerKeys.Unknown;
import dev.postern.identity.oidc.Verdict.Bad;
import dev.postern.identity.oidc.Verdict.Good;
import dev.postern.identity.oidc.Verdict.Open;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Judges the tokens of one issuer. */
final class IssuerTokens {

    /** Of a number of seconds: enough for some thousand years. */
    private static final int MOST_DIGITS = 12;

    private final Issuer issuer;
    private final IssuerKeys keys;
    private final Verification shown;
    private final Verification given;
    private final Executor verifiers;

    /**
     * A judge.
     *
     * @param verifiers where signatures are verified; what they refuse cannot be judged just now
     */
    IssuerTokens(Issuer issuer, IssuerKeys keys, Executor verifiers) {
        this.issuer = issuer;
        this.keys = keys;
        this.shown = new Verification(issuer, true);
        this.given = new Verification(issuer, false);
        this.verifiers = verifiers;
    }

    Issuer issuer() {
        return issuer;
    }

    IssuerKeys keys() {
        return keys;
    }

    /** Whether the token that a caller shows is the issuer's word, and for us, and now. */
    CompletableFuture<Verdict> judge(TokenText token, Instant now) {
        return Collections.disjoint(token.claims().texts("aud"), issuer.audiences())
                ? CompletableFuture.completedFuture(bad("it is for another audience"))
                : judge(token, shown, now);
    }

    /** The same of a token that the issuer gave to us alone, which need not say for whom it is. */
    CompletableFuture<Verdict> judgeGiven(TokenText token, Instant now) {
        return token.claims().has("aud") ? judge(token, now) : judge(token, given, now);
    }

    private CompletableFuture<Verdict> judge(TokenText token, Verification verification, Instant now) {
        // What is wrong whoever signed it costs nobody a question and no signature.
        Optional<String> objection = objection(token, now);
        if (objection.isPresent()) {
            return CompletableFuture.completedFuture(bad(objection.get()));
        }
        return keys.withKey(token.keyId().orElseThrow(), now).thenCompose(found -> judge(token, verification, found));
    }

    private CompletableFuture<Verdict> judge(TokenText token, Verification verification, Found found) {
        return switch (found) {
            case Lacks lacks -> CompletableFuture.completedFuture(bad("its key is not one of the issuer's"));
            case Unknown unknown ->
                CompletableFuture.completedFuture(new Open("the issuer " + issuer.name() + ": " + unknown.why()));
            case Has has -> {
                try {
                    yield CompletableFuture.supplyAsync(() -> verified(token, verification, has.keys()), verifiers);
                } catch (RejectedExecutionException full) {
                    yield CompletableFuture.completedFuture(new Open("too many tokens wait to be verified"));
                }
            }
        };
    }

    private Verdict verified(TokenText token, Verification verification, KeySet keys) {
        Optional<String> objection = verification.objection(token.text(), keys);
        return objection.isPresent()
                ? bad(objection.get())
                : new Good(new VerifiedToken(
                        issuer.name(), token.claims(), instant(token, "exp").orElseThrow()));
    }

    private Bad bad(String why) {
        return new Bad(Optional.of(issuer.name()), why);
    }

    private Optional<String> objection(TokenText token, Instant now) {
        if (token.text().length() > issuer.longest()) {
            return Optional.of("it is longer than " + issuer.longest() + " characters");
        }
        if (!issuer.algorithms().contains(token.algorithm())) {
            return Optional.of("its algorithm is not one of the issuer's");
        }
        if (token.keyId().isEmpty()) {
            return Optional.of("it does not name its key (kid)");
        }
        Optional<Instant> expires = instant(token, "exp");
        Optional<Instant> issued = instant(token, "iat");
        if (expires.isEmpty() || issued.isEmpty()) {
            return Optional.of("it does not say when it was issued and when it expires");
        }
        if (!now.minus(issuer.clockSkew()).isBefore(expires.get())) {
            return Optional.of("it has expired");
        }
        Instant latest = now.plus(issuer.clockSkew());
        if (issued.get().isAfter(latest)) {
            return Optional.of("it was issued in the future");
        }
        List<String> notBefore = token.claims().texts("nbf");
        if (!notBefore.isEmpty() && instant(token, "nbf").map(latest::isBefore).orElse(true)) {
            return Optional.of("it is not good yet");
        }
        return Optional.empty();
    }

    /** A number of seconds (RFC 7519, section 2), which may have a fraction. */
    static Optional<Instant> instant(TokenText token, String claim) {
        List<String> texts = token.claims().texts(claim);
        if (texts.size() != 1) {
            return Optional.empty();
        }
        try {
            BigDecimal seconds = new BigDecimal(texts.getFirst());
            boolean sensible = seconds.signum() >= 0 && (long) seconds.precision() - seconds.scale() <= MOST_DIGITS;
            return sensible ? Optional.of(Instant.ofEpochSecond(seconds.longValue())) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
