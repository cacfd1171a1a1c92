package dev.postern.setup;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whose certificates those who are asked may have: those of the JDK's authorities, or of {@code quarkus.tls.NAME}. */
final class FetchTrust {

    private FetchTrust() {}

    /**
     * As the server knows it.
     *
     * @param key the setting that has the name
     */
    static HttpClientOptions of(String key, Optional<String> named, TlsConfigurationRegistry registry) {
        HttpClientOptions options = new HttpClientOptions();
        named.ifPresent(name -> {
            TlsConfiguration tls = registry.get(name)
                    .orElseThrow(() -> new StartFault(
                            key + " is '" + name + "', and there is no TLS configuration quarkus.tls." + name));
            if (tls.isTrustAll()
                    || tls.getHostnameVerificationAlgorithm()
                            .filter("NONE"::equals)
                            .isPresent()) {
                throw new StartFault("quarkus.tls." + name + " trusts everybody: whoever stands between could say what"
                        + " is allowed; list the certificates to trust (trust-store), and keep host names verified");
            }
            TlsConfigUtils.configure(options, tls);
        });
        return options;
    }

    /** For a command, which starts no registry: the same trust store, from the settings. */
    static HttpClientOptions of(String key, Optional<String> named, SmallRyeConfig settings) {
        HttpClientOptions options = new HttpClientOptions();
        named.ifPresent(name -> {
            String store = "quarkus.tls." + name + ".trust-store.";
            Optional<List<Path>> pem = settings.getOptionalValues(store + "pem.certs", Path.class);
            Optional<String> p12 = settings.getOptionalValue(store + "p12.path", String.class);
            if (pem.isPresent()) {
                PemTrustOptions trusted = new PemTrustOptions();
                pem.get()
                        .forEach(path ->
                                trusted.addCertPath(path.toAbsolutePath().toString()));
                options.setTrustOptions(trusted);
            } else if (p12.isPresent()) {
                options.setTrustOptions(new PfxOptions()
                        .setPath(Path.of(p12.get()).toAbsolutePath().toString())
                        .setPassword(settings.getOptionalValue(store + "p12.password", String.class)
                                .orElse("")));
            } else {
                throw new StartFault(key + " is '" + name + "', and this command finds neither " + store
                        + "pem.certs nor " + store + "p12.path");
            }
        });
        return options;
    }
}
