package dev.postern.setup;

import dev.postern.console.ConsoleIssuer;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.BearerFile;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.oidc.CodeFlow;
import dev.postern.identity.oidc.Issuer;
import dev.postern.identity.oidc.Issuers.Known;
import dev.postern.identity.oidc.KeyPace;
import dev.postern.identity.oidc.KeyPlace;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the settings say of the issuer by which people sign in to the console, checked. */
record ConsoleOidcSettings(PosternConfig.ConsoleOidc config, HttpsUrl discovery, CodeFlow.Client client, String root) {

    static final String PREFIX = "postern.console.oidc.";

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String END = "/console/" + ConsoleIssuer.CALLBACK;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final long MOST = 256 * 1024;
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final int MOST_OF_A_NAME = 256;

    /** Signing in is rare, and somebody waits: it may be asked more often than for tokens. */
    private static final KeyPace PACE =
            new KeyPace(Duration.ofSeconds(2), Duration.ofMinutes(10), Duration.ofHours(24));

    /** The issuer, where one is set. */
    static Optional<ConsoleOidcSettings> read(PosternConfig.ConsoleOidc config) {
        if (config.issuer().isEmpty()) {
            if (config.clientId().isPresent() || config.allowed().isPresent()) {
                throw fault("issuer", "is not set, and other settings beside it are");
            }
            return Optional.empty();
        }
        String issuer = config.issuer().get();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        HttpsUrl discovery = switch (HttpsUrl.read(base + DISCOVERY)) {
            case HttpsUrl.Understood understood when understood.url().uri().getRawQuery() == null -> understood.url();
            case HttpsUrl.Understood query -> throw fault("issuer", "has a query; expected its https URL");
            case HttpsUrl.Malformed malformed ->
                throw fault("issuer", malformed.why() + "; expected its https URL, such as https://login.example.com");
        };
        Bounds.check(PREFIX + "session", config.session(), Duration.ofMinutes(1), Duration.ofHours(24));
        Bounds.check(PREFIX + "clock-skew", config.clockSkew(), Duration.ZERO, Duration.ofMinutes(5));
        Bounds.check(PREFIX + "timeout", config.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        for (String algorithm : config.algorithms()) {
            if (!Issuer.ASYMMETRIC.contains(algorithm)) {
                throw fault(
                        "algorithms",
                        "has '" + algorithm + "'; expected those of RS, PS and ES with 256, 384 or 512, and EdDSA");
            }
        }
        return Optional.of(new ConsoleOidcSettings(config, discovery, client(config), root(config)));
    }

    private static CodeFlow.Client client(PosternConfig.ConsoleOidc config) {
        String id = config.clientId()
                .filter(ConsoleOidcSettings::isName)
                .orElseThrow(() -> fault("client-id", "is not set; expected the id that the issuer gave this console"));
        Set<String> allowed = new HashSet<>(config.allowed().orElse(List.of()));
        if (allowed.isEmpty() || allowed.stream().anyMatch(String::isBlank)) {
            throw fault(
                    "allowed",
                    "is empty: nobody could enter; expected values of the claim '" + config.claim()
                            + "', such as registry-operators");
        }
        if (!isName(config.claim())) {
            throw fault("claim", "is no claim's name; expected 1 to " + MOST_OF_A_NAME + " characters");
        }
        config.clientSecretFile().ifPresent(file -> {
            if (BearerFile.read(file) instanceof BearerFile.NotRead) {
                throw fault(
                        "client-secret-file",
                        "is " + file + ", which cannot be read, or is not one line of visible ASCII");
            }
        });
        Set<String> scopes = new LinkedHashSet<>(List.of("openid"));
        for (String scope : config.scopes()) {
            // RFC 6749, section 3.3.
            if (!scope.matches("[!#-\\[\\]-~]{1,256}")) {
                throw fault("scopes", "has '" + scope + "', which is no scope; expected such as: openid, groups");
            }
            scopes.add(scope);
        }
        root(config);
        return new CodeFlow.Client(
                id,
                config.clientSecretFile(),
                config.redirectUri().orElseThrow(),
                List.copyOf(scopes),
                config.claim(),
                allowed);
    }

    private static boolean isName(String text) {
        return !text.isBlank() && text.length() <= MOST_OF_A_NAME;
    }

    /** The console's URL. It is a setting, for a {@code Host} header is the visitor's word. */
    private static String root(PosternConfig.ConsoleOidc config) {
        String expected = "; expected the console's URL as browsers know it, such as https://postern.example.com" + END
                + "; plain http is for loopback alone";
        String text = config.redirectUri().orElseThrow(() -> fault("redirect-uri", "is not set" + expected));
        try {
            URI uri = new URI(text);
            boolean isPlain = "http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost()));
            boolean isGood = (isPlain || HttpsUrl.read(text) instanceof HttpsUrl.Understood)
                    && END.equals(uri.getRawPath())
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (isGood) {
                return text.substring(0, text.length() - ConsoleIssuer.CALLBACK.length());
            }
        } catch (URISyntaxException e) {
            // As any other that is none.
        }
        throw fault("redirect-uri", "is '" + text + "'" + expected);
    }

    private static StartFault fault(String setting, String why) {
        return new StartFault(PREFIX + setting + " " + why);
    }

    /** The issuer, asked over connections that trust these certificates. */
    ConsoleIssuer issuer(Vertx vertx, HttpClientOptions trust, InstantSource clock) {
        HttpsFetcher.Limits limits = new HttpsFetcher.Limits(CONNECT, config.timeout(), MOST);
        PublicAddresses allowed = FeedSettings.publicAddresses(
                PREFIX + "allowed-private-addresses",
                config.allowedPrivateAddresses().orElse(List.of()));
        HttpsFetcher fetcher = new HttpsFetcher(vertx, trust, limits, allowed, InetAddress::getAllByName, clock);
        Known known = new Known(
                new Issuer(
                        config.issuer().orElseThrow(),
                        Set.of(client.id()),
                        new HashSet<>(config.algorithms()),
                        config.clockSkew(),
                        LONGEST_TOKEN,
                        IssuerRules.of("console")),
                new KeyPlace.ByDiscovery(discovery, new KeyPlace.Asking(fetcher, Optional.empty())),
                PACE);
        return new ConsoleIssuer(
                new CodeFlow(client, known, vertx, trust, limits, allowed, InetAddress::getAllByName),
                discovery.host(),
                root,
                config.session());
    }
}
