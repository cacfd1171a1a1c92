package dev.postern.identity.oidc;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.BearerFile;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.oidc.CodeExchange.Given;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Signs people in by an issuer: the authorization code flow (OpenID Connect Core 1.0, section 3.1) with PKCE (RFC 7636), for one
 * client and one redirect URI. Whoever has none of the allowed values in the claim is nobody.
 *
 * <p>It keeps no token: what an ID token says is held against the settings, once. It blocks while the issuer is asked, no longer
 * than its limits say, and for a few at a time.
 */
public final class CodeFlow implements AutoCloseable {

    /** More than these do not wait for the issuer at once. */
    private static final int MOST_AT_ONCE = 8;

    /** The longest code or name of an issuer that is looked at. */
    public static final int MOST_OF_A_CODE = 4096;

    private final Client client;
    private final Issuer issuer;
    private final KeyPlace.ByDiscovery discovery;
    private final KeyPace pace;
    private final IssuerTokens tokens;
    private final CodeExchange exchange;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

    private volatile Optional<ProviderMetadata> lastKnown = Optional.empty();
    private Known known = new Unknown("it was not asked yet");
    private Instant askAgain = Instant.MIN;

    /**
     * What the operator has agreed with the issuer, and who may enter.
     *
     * @param id the client's id
     * @param secret the file with its secret, read at each exchange; empty for a client without one
     * @param redirect where the issuer sends people back, to the letter
     * @param scopes what is asked for
     * @param claim the claim of the ID token that is looked at; {@code a/b} is b within a
     * @param allowed of which values it must have one
     */
    public record Client(
            String id, Optional<Path> secret, String redirect, List<String> scopes, String claim, Set<String> allowed) {
        /** Keeps its own copies, and takes nobody for everybody. */
        public Client {
            scopes = List.copyOf(scopes);
            allowed = Set.copyOf(allowed);
            if (allowed.isEmpty() || !scopes.contains("openid")) {
                throw new IllegalArgumentException("a client asks for 'openid', and has values that are allowed");
            }
        }
    }

    /** What only the one browser and this process know: it binds the issuer's answers to the question. */
    public record Attempt(String state, String nonce, String verifier) {
        /** Leaves them out. */
        @Override
        public String toString() {
            return "Attempt[…]";
        }
    }

    /**
     * What the issuer sends back by way of the browser.
     *
     * @param code the code
     * @param issuer whose it says to be (RFC 9207), where it says so
     */
    public record Callback(String code, Optional<String> issuer) {
        /** Leaves the code out. */
        @Override
        public String toString() {
            return "Callback[…]";
        }
    }

    /** What becomes of beginning. */
    public sealed interface Begun {}

    /** The browser is to go there. */
    public record GoTo(String location) implements Begun {
        /** Leaves the query out. */
        @Override
        public String toString() {
            return "GoTo[…]";
        }
    }

    /** What became of it. */
    public sealed interface Finished {}

    /** The issuer says who it is, and it is one of those who are allowed. */
    public record Admitted() implements Finished {}

    /** The issuer says who it is, and it is nobody who is allowed. */
    public record NotAllowed() implements Finished {}

    /** It is not the issuer's word, or not for us, or not for this attempt; {@code why} has nothing of it. */
    public record NotTaken(String why) implements Finished {}

    /** It cannot be known just now. */
    public record Unavailable(String why) implements Begun, Finished {}

    private sealed interface Known {}

    private record Told(ProviderMetadata metadata) implements Known {}

    private record Unknown(String why) implements Known {}

    /** A flow of this client at an issuer that is asked so. */
    public CodeFlow(
            Client client,
            Issuers.Known issuer,
            Vertx vertx,
            HttpClientOptions trust,
            HttpsFetcher.Limits limits,
            PublicAddresses allowed,
            HttpsFetcher.Resolver resolver) {
        if (!(issuer.keys() instanceof KeyPlace.ByDiscovery by)) {
            throw new IllegalArgumentException("an issuer that signs people in is known by its discovery");
        }
        if (!issuer.issuer().audiences().equals(Set.of(client.id()))) {
            throw new IllegalArgumentException("an ID token is meant for the client");
        }
        this.client = client;
        this.issuer = issuer.issuer();
        this.discovery = by;
        this.pace = issuer.pace();
        this.patience = limits.total().plusSeconds(1);
        this.tokens = new IssuerTokens(
                this.issuer, new IssuerKeys(KeySources.of(by, this.issuer.url()), pace, askers), askers);
        this.exchange = new CodeExchange(vertx, trust, limits, allowed, resolver);
    }

    /** Where the browser is to go. */
    public Begun begin(Attempt attempt, Instant now) {
        if (!places.tryAcquire()) {
            return busy();
        }
        try {
            tokens.keys().tick(now);
            return switch (known(now)) {
                case Unknown unknown -> new Unavailable(unknown.why());
                case Told told -> new GoTo(location(told.metadata(), attempt));
            };
        } finally {
            places.release();
        }
    }

    private static Unavailable busy() {
        return new Unavailable("too many are signing in at once");
    }

    private String location(ProviderMetadata metadata, Attempt attempt) {
        Map<String, String> query = new TreeMap<>();
        query.put("response_type", "code");
        query.put("client_id", client.id());
        query.put("redirect_uri", client.redirect());
        query.put("scope", String.join(" ", client.scopes()));
        query.put("state", attempt.state());
        query.put("nonce", attempt.nonce());
        query.put("code_challenge", challenge(attempt.verifier()));
        query.put("code_challenge_method", "S256");
        return with(metadata.authorization(), query);
    }

    /** RFC 7636, section 4.2. */
    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String with(HttpsUrl url, Map<String, String> query) {
        StringBuilder text = new StringBuilder(url.exact());
        char before = url.exact().indexOf('?') < 0 ? '?' : '&';
        for (Map.Entry<String, String> each : query.entrySet()) {
            text.append(before).append(each.getKey()).append('=').append(encoded(each.getValue()));
            before = '&';
        }
        return text.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Whether whoever comes back from there may enter. */
    public Finished finish(Callback callback, Attempt attempt, Instant now) {
        if (callback.code().isEmpty() || callback.code().length() > MOST_OF_A_CODE) {
            return new NotTaken("it has no code");
        }
        if (!places.tryAcquire()) {
            return busy();
        }
        try {
            return switch (known(now)) {
                case Unknown unknown -> new Unavailable(unknown.why());
                case Told told -> finish(callback, attempt, told.metadata(), now);
            };
        } finally {
            places.release();
        }
    }

    private Finished finish(Callback callback, Attempt attempt, ProviderMetadata metadata, Instant now) {
        // RFC 9207, section 2.4: who answers in another's name answers for another.
        boolean isNamed = callback.issuer().map(issuer.url()::equals).orElse(!metadata.namesItself());
        if (!isNamed) {
            return new NotTaken("the answer is another issuer's");
        }
        Optional<String> secret = Optional.empty();
        if (client.secret().isPresent()) {
            switch (BearerFile.read(client.secret().get())) {
                case BearerFile.Read read -> secret = Optional.of(read.token());
                case BearerFile.NotRead not -> {
                    return new Unavailable("the client's secret cannot be had: " + not.why());
                }
            }
        }
        return switch (exchange(callback.code(), attempt.verifier(), secret, metadata)) {
            case CodeExchange.Refused refused ->
                new NotTaken("the issuer does not take the code, or not from this client (status " + refused.status()
                        + " of " + metadata.token() + ")");
            case CodeExchange.Silent silent -> new Unavailable(metadata.token() + " " + silent.why());
            case Given given -> judge(given.idToken(), attempt, now);
        };
    }

    private CodeExchange.Outcome exchange(
            String code, String verifier, Optional<String> secret, ProviderMetadata metadata) {
        StringBuilder form = new StringBuilder("grant_type=authorization_code&code=" + encoded(code) + "&redirect_uri="
                + encoded(client.redirect()) + "&code_verifier=" + encoded(verifier));
        Optional<String> header = Optional.empty();
        if (secret.isPresent() && !metadata.byPost()) {
            // Both are form-encoded before they are joined (RFC 6749, section 2.3.1).
            String pair = encoded(client.id()) + ":" + encoded(secret.get());
            header = Optional.of(
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
        } else {
            form.append("&client_id=").append(encoded(client.id()));
            secret.ifPresent(word -> form.append("&client_secret=").append(encoded(word)));
        }
        return exchange.exchange(metadata.token(), header, form.toString());
    }

    /** OpenID Connect Core 1.0, section 3.1.3.7. */
    private Finished judge(String idToken, Attempt attempt, Instant now) {
        if (!(TokenText.read(idToken) instanceof TokenText.Read(TokenText token))) {
            return new NotTaken("the ID token cannot be read");
        }
        if (!token.issuer().equals(issuer.url())) {
            return new NotTaken("the ID token is another issuer's");
        }
        // Tokens of other kinds say so (RFC 8725, section 3.11), whoever has signed them.
        if (token.type().filter(type -> !type.equalsIgnoreCase("JWT")).isPresent()) {
            return new NotTaken("it is a token of another kind (typ)");
        }
        Optional<String> objection = objection(token, attempt);
        if (objection.isPresent()) {
            return new NotTaken("the ID token: " + objection.get());
        }
        return switch (verdict(token, now)) {
            case Verdict.Bad bad -> new NotTaken("the ID token: " + bad.why());
            case Verdict.Open open -> new Unavailable(open.why());
            case Verdict.Good good ->
                Collections.disjoint(good.token().claims().texts(client.claim()), client.allowed())
                        ? new NotAllowed()
                        : new Admitted();
        };
    }

    private Optional<String> objection(TokenText token, Attempt attempt) {
        List<String> nonces = token.claims().texts("nonce");
        if (nonces.size() != 1 || !isSame(nonces.getFirst(), attempt.nonce())) {
            return Optional.of("it is for another attempt (nonce)");
        }
        List<String> parties = token.claims().texts("azp");
        boolean isOurs = parties.isEmpty()
                ? token.claims().texts("aud").size() == 1 && !token.claims().has("azp")
                : parties.equals(List.of(client.id()));
        if (!isOurs) {
            return Optional.of("it was given to another client (azp)");
        }
        List<String> subjects = token.claims().texts("sub");
        return subjects.size() == 1 && !subjects.getFirst().isEmpty()
                ? Optional.empty()
                : Optional.of("it does not say of whom it is (sub)");
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private Verdict verdict(TokenText token, Instant now) {
        try {
            return tokens.judge(token, now).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Verdict.Open("the issuer's keys were not had in time");
        } catch (ExecutionException e) {
            return new Verdict.Open("it could not be judged ("
                    + Optional.ofNullable(e.getCause()).orElse(e).getClass().getSimpleName() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict.Open("it was not waited for: Postern stops");
        }
    }

    /**
     * What the issuer says of itself, asked for anew when the last answer is older than the pace: people who are sent to an
     * issuer that is down would see nothing of ours. Whoever comes meanwhile waits for the same answer.
     */
    private synchronized Known known(Instant now) {
        if (now.isBefore(askAgain)) {
            return known;
        }
        known = switch (KeySources.describe(discovery, issuer.url())) {
            case KeySources.NotDescribed not -> new Unknown(not.why());
            case KeySources.Described described ->
                switch (ProviderMetadata.read(described.members())) {
                    case ProviderMetadata.Read read -> new Told(read.metadata());
                    case ProviderMetadata.Lacking lacking ->
                        new Unknown("its discovery " + discovery.discovery() + " " + lacking.why());
                };
        };
        if (known instanceof Told told) {
            lastKnown = Optional.of(told.metadata());
        }
        askAgain = now.plus(pace.between());
        return known;
    }

    /**
     * Where people sign out at the issuer (RP-Initiated Logout 1.0, section 2), if it has said so when it was last heard. It is
     * not given the ID token, which is not kept: it asks whether they want to.
     *
     * @param back where it sends them back
     */
    public Optional<String> signOut(String back) {
        return lastKnown
                .flatMap(ProviderMetadata::endSession)
                .map(url ->
                        with(url, new TreeMap<>(Map.of("client_id", client.id(), "post_logout_redirect_uri", back))));
    }

    /** Ends what waits, and the connections. */
    @Override
    public void close() {
        askers.shutdownNow();
        exchange.close();
        discovery.asking().fetcher().close();
    }
}
