package dev.postern.setup;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.policy.bundle.BundleAsking.Question;
import dev.postern.policy.bundle.BundleAsking.Signing;
import dev.postern.policy.bundle.BundleFolder;
import dev.postern.policy.bundle.BundleKeeper.Rules;
import dev.postern.policy.bundle.VerifyingKey;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What the settings say of a policy that is a bundle, checked. */
record BundleSettings(PosternConfig config, Question question, Rules rules, PublicAddresses publicAddresses) {

    static final String TLS = "postern.bundle.tls-configuration-name";

    private static final String PREFIX = "postern.bundle.";
    private static final long LEAST_SIZE = 1024;
    private static final long MOST_SIZE = 256 * 1024 * 1024;
    private static final int MOST_OF_A_KEY = 64 * 1024;

    static BundleSettings read(PosternConfig config, HttpsUrl url) {
        PosternConfig.Bundle bundle = config.bundle();
        Bounds.check(PREFIX + "refresh", bundle.refresh(), Duration.ofSeconds(1), Duration.ofHours(1));
        Bounds.check(PREFIX + "timeout", bundle.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(10));
        Bounds.check(
                PREFIX + "connect-timeout", bundle.connectTimeout(), Duration.ofMillis(100), Duration.ofMinutes(1));
        Bounds.check(PREFIX + "start-timeout", bundle.startTimeout(), Duration.ZERO, Duration.ofMinutes(10));
        if (bundle.refuseOlder() && bundle.publicKey().isEmpty()) {
            throw new StartFault(
                    PREFIX + "refuse-older is set, and " + PREFIX + "public-key is not: whoever could offer an"
                            + " older bundle could as well change the times in it");
        }
        return new BundleSettings(
                config,
                new Question(
                        url,
                        signing(config, url),
                        bundle.bearerTokenFile(),
                        size("max-size", bundle.maxSize()),
                        size("max-expanded-size", bundle.maxExpandedSize())),
                new Rules(bundle.refresh(), bundle.refuseOlder()),
                FeedSettings.publicAddresses(
                        PREFIX + "allowed-private-addresses",
                        bundle.allowedPrivateAddresses().orElse(List.of())));
    }

    /** An operator who names a key believes that signatures are checked. */
    static void requireNone(PosternConfig config) {
        if (config.bundle().publicKey().isPresent()) {
            throw new StartFault(PREFIX
                    + "public-key is set, and postern.policy is no https URL: nothing would be checked" + " by it");
        }
    }

    private static long size(String key, MemorySize value) {
        long size = value.asLongValue();
        if (size < LEAST_SIZE || size > MOST_SIZE) {
            throw new StartFault(PREFIX + key + " is " + size + " bytes; expected 1K to 256M");
        }
        return size;
    }

    private static Optional<Signing> signing(PosternConfig config, HttpsUrl url) {
        Optional<String> named = config.bundle().signature();
        if (config.bundle().publicKey().isEmpty()) {
            if (named.isPresent()) {
                throw new StartFault(
                        PREFIX + "signature is set, and " + PREFIX + "public-key is not: it could not be checked");
            }
            return Optional.empty();
        }
        VerifyingKey key = key(config.bundle().publicKey().get());
        return Optional.of(new Signing(key, named.map(BundleSettings::signature).orElseGet(() -> beside(url))));
    }

    private static HttpsUrl signature(String text) {
        return switch (HttpsUrl.read(text)) {
            case HttpsUrl.Understood understood -> understood.url();
            case HttpsUrl.Malformed malformed ->
                throw new StartFault(PREFIX + "signature " + malformed.why() + "; expected an https URL such as"
                        + " https://policies.example.com/postern.tar.gz.sig");
        };
    }

    /** The path with {@code .sig} after it, and the query as it is. */
    private static HttpsUrl beside(HttpsUrl url) {
        String query = url.exact().substring(url.withoutQuery().length());
        return signature(url.withoutQuery() + ".sig" + query);
    }

    private static VerifyingKey key(Path file) {
        String pem;
        try {
            if (Files.size(file) > MOST_OF_A_KEY) {
                throw new StartFault(PREFIX + "public-key: " + file + " is larger than a key");
            }
            pem = Files.readString(file);
        } catch (IOException e) {
            throw new StartFault(PREFIX + "public-key: " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "); expected a public key in PEM");
        }
        return switch (VerifyingKey.read(pem)) {
            case VerifyingKey.Usable usable -> usable.key();
            case VerifyingKey.Unusable unusable ->
                throw new StartFault(PREFIX + "public-key: " + file + " " + unusable.why());
        };
    }

    /** The copy under the data directory. */
    BundleFolder folder() {
        return new BundleFolder(config.data().toAbsolutePath().resolve("bundle"), question.url(), question.bytes());
    }

    /** A fetcher that trusts these certificates. */
    HttpsFetcher fetcher(Vertx vertx, HttpClientOptions trust, InstantSource clock) {
        return new HttpsFetcher(
                vertx,
                trust,
                new HttpsFetcher.Limits(
                        config.bundle().connectTimeout(), config.bundle().timeout(), question.bytes()),
                publicAddresses,
                InetAddress::getAllByName,
                clock);
    }
}
