package dev.postern.setup;

import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyRing;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.SigningKey;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * The operator's key in a key store of Quarkus's TLS registry ({@code quarkus.tls.NAME.key-store}): PKCS#12, JKS or PEM,
 * read anew every {@code quarkus.tls.NAME.reload-period}.
 */
final class TlsKeySource implements SigningKeys.KeySource {

    private final SigningAlgorithm algorithm;
    private final String name;
    private final Supplier<Optional<KeyCertOptions>> keyStore;
    private final Vertx vertx;
    private final ReplacedKeys replaced;
    private Optional<KeyCertOptions> lastTried = Optional.empty();
    private Optional<KeyFault> lastFault = Optional.empty();

    /**
     * @param name of the configuration
     * @param keyStore what its key store is now; another object once it was read anew
     */
    TlsKeySource(
            SigningAlgorithm algorithm,
            String name,
            Supplier<Optional<KeyCertOptions>> keyStore,
            Vertx vertx,
            Duration keep) {
        this.algorithm = algorithm;
        this.name = name;
        this.keyStore = keyStore;
        this.vertx = vertx;
        this.replaced = new ReplacedKeys(keep);
    }

    /** The source in the registry. */
    static TlsKeySource in(
            TlsConfigurationRegistry registry, SigningAlgorithm algorithm, String name, Vertx vertx, Duration keep) {
        return new TlsKeySource(
                algorithm,
                name,
                () -> registry.get(name).flatMap(found -> Optional.ofNullable(found.getKeyStoreOptions())),
                vertx,
                keep);
    }

    @Override
    public KeyRing load(Instant now) throws KeyFault {
        lastTried = keyStore.get();
        if (lastTried.isEmpty()) {
            throw new KeyFault("postern.token.tls-configuration-name is '" + name + "', and quarkus.tls." + name
                    + ".key-store is not set; expected the key store with the signing key");
        }
        return replaced.with(read(lastTried.get()), List.of(), now);
    }

    /**
     * Tries each key store once, and what is wrong with it is so for as long as it stays: the registry makes a new object of
     * one that it has read anew.
     */
    @Override
    public Optional<KeyRing> refresh(Instant now) throws KeyFault {
        Optional<KeyCertOptions> current = keyStore.get();
        if (current.isEmpty() || lastTried.isPresent() && lastTried.get() == current.get()) {
            if (lastFault.isPresent()) {
                throw lastFault.get();
            }
            return Optional.empty();
        }
        try {
            KeyRing ring = load(now);
            lastFault = Optional.empty();
            return Optional.of(ring);
        } catch (KeyFault fault) {
            lastFault = Optional.of(fault);
            throw fault;
        }
    }

    private SigningKey read(KeyCertOptions options) throws KeyFault {
        String where = "quarkus.tls." + name + ".key-store";
        try {
            for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
                if (manager instanceof X509KeyManager keys) {
                    return key(keys, where);
                }
            }
        } catch (KeyFault fault) {
            throw fault;
        } catch (Exception e) {
            throw new KeyFault(where + " cannot be read: " + e.getClass().getSimpleName());
        }
        throw new KeyFault(where + " has no key");
    }

    private SigningKey key(X509KeyManager keys, String where) throws KeyFault {
        String kind = algorithm == SigningAlgorithm.ES256 ? "EC" : "RSA";
        String[] aliases = keys.getServerAliases(kind, null);
        if (aliases == null || aliases.length != 1) {
            throw new KeyFault(where + " has " + (aliases == null ? 0 : aliases.length) + " keys of the kind " + kind
                    + "; expected one, for " + algorithm);
        }
        PrivateKey key = keys.getPrivateKey(aliases[0]);
        X509Certificate[] chain = keys.getCertificateChain(aliases[0]);
        if (key == null || chain == null) {
            throw new KeyFault(where + " has no key with a certificate");
        }
        return KeyFiles.check(algorithm, key, Arrays.asList(chain), where);
    }
}
