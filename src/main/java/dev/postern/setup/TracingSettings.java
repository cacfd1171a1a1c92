package dev.postern.setup;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.sink.OtlpHttp;
import dev.postern.tracing.Sampling;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;

/** What the settings say of traces, checked, as what they mean. */
final class TracingSettings {

    private static final String PREFIX = "postern.tracing.";
    private static final String URL = PREFIX + "url";
    private static final String EXPECTED =
            "; expected the collector's URL for traces, such as http://localhost:4318/v1/traces";
    /** Whatever callers say. */
    private static final int MOST_A_SECOND = 200;

    private final PosternConfig.Tracing tracing;
    private final BiFunction<String, Optional<String>, SSLContext> trust;

    /**
     * Settings.
     *
     * @param trust the trust of a TLS configuration, by the setting that names it, and its name
     */
    TracingSettings(PosternConfig.Tracing tracing, BiFunction<String, Optional<String>, SSLContext> trust) {
        this.tracing = tracing;
        this.trust = trust;
    }

    /** Which decisions are recorded. */
    Sampling sampling() {
        Bounds.check(PREFIX + "ratio", tracing.ratio(), 0.0, 1.0);
        return new Sampling(tracing.ratio(), MOST_A_SECOND);
    }

    /** Where spans go; nowhere, and nothing is recorded, where no URL is set. */
    Optional<Sink> sink() {
        Bounds.check(PREFIX + "timeout", tracing.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        return tracing.url().map(this::collector);
    }

    /** A URL may have a key in its query: no message has it. */
    private Sink collector(URI url) {
        boolean isHttps = "https".equals(url.getScheme());
        if (!isHttps && !"http".equals(url.getScheme()) || url.getHost() == null || url.getFragment() != null) {
            throw new StartFault(URL + " is not one of http or https, with a host and without a fragment" + EXPECTED);
        }
        if (url.getUserInfo() != null) {
            throw new StartFault(URL + " has a user or a password" + EXPECTED + ", and " + PREFIX
                    + "bearer-token-file where it asks for a token");
        }
        if (url.getPath().length() < 2) {
            throw new StartFault(URL + " has no path" + EXPECTED);
        }
        if (!isHttps && tracing.bearerTokenFile().isPresent()) {
            throw new StartFault(URL + " is not https, and a bearer token for it is set, which whoever stands between"
                    + " could read; expected an https URL, or no token");
        }
        Optional<SSLContext> context = tracing.tlsConfigurationName()
                .map(name -> trust.apply(PREFIX + "tls-configuration-name", Optional.of(name)));
        return new OtlpHttp(
                OtlpHttp.Signal.TRACES,
                url,
                tracing.timeout(),
                tracing.bearerTokenFile(),
                context,
                "postern",
                BuiltVersion.text());
    }
}
