package dev.postern.setup;

import dev.postern.token.KeyFault;
import dev.postern.token.KeyFolder;
import dev.postern.token.KeyIdForm;
import dev.postern.token.KeyRing;
import dev.postern.token.KeySchedule;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The signing keys that the settings mean: the operator's, from PEM files or from the TLS registry, or those that Postern
 * makes under {@code data}; and their changes.
 */
public final class SigningKeys {

    private static final Duration DEFAULT_EVERY = Duration.ofDays(30);
    private static final Duration LONGEST_EVERY = Duration.ofDays(400);

    /** For clocks that differ, and a token that is used in its last second. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    /** Where keys come from. */
    interface KeySource {
        /** The keys, at start. */
        KeyRing load(Instant now) throws KeyFault;

        /** The keys, where they are others than before. A fault leaves those before in use. */
        Optional<KeyRing> refresh(Instant now) throws KeyFault;

        /** When another key signs, where that is known. */
        default Optional<Instant> changesAt() {
            return Optional.empty();
        }
    }

    private final KeySource source;
    private final KeyRing ring;
    private final Optional<Path> bundle;
    private final boolean generated;

    private SigningKeys(KeySource source, Instant now, Optional<Path> bundle, boolean generated) {
        this.source = source;
        this.bundle = bundle;
        this.generated = generated;
        try {
            this.ring = source.load(now);
        } catch (KeyFault fault) {
            throw new StartFault(fault.why());
        }
    }

    /** The keys, for commands that do not start the server. */
    public static SigningKeys load(PosternConfig config, Instant now) {
        if (config.token().tlsConfigurationName().isPresent()) {
            throw new StartFault(
                    "the signing key is in the TLS registry (postern.token.tls-configuration-name), which the"
                            + " server alone reads; ask it for /jwks.json");
        }
        return of(config, Optional.empty(), now);
    }

    /** The keys, for the server. */
    static SigningKeys load(PosternConfig config, TlsConfigurationRegistry tls, Vertx vertx, Instant now) {
        Optional<KeySource> fromRegistry = config.token()
                .tlsConfigurationName()
                .map(name -> TlsKeySource.in(tls, config.token().algorithm(), name, vertx, keep(config)));
        return of(config, fromRegistry, now);
    }

    private static SigningKeys of(PosternConfig config, Optional<KeySource> fromRegistry, Instant now) {
        PosternConfig.Token token = config.token();
        if (token.key().isPresent() != token.certificate().isPresent()) {
            throw new StartFault("postern.token.key and postern.token.certificate go together; only "
                    + (token.key().isPresent() ? "the key" : "the certificate") + " is set");
        }
        KeySchedule schedule = schedule(config);
        boolean own = token.key().isPresent() || fromRegistry.isPresent();
        if (own && token.rotation().every().filter(every -> !every.isZero()).isPresent()) {
            throw new StartFault(
                    "postern.token.rotation.every is of keys that Postern makes; a key of your own is changed"
                            + " by changing its file");
        }
        if (fromRegistry.isPresent()) {
            if (token.key().isPresent()) {
                throw new StartFault("postern.token.tls-configuration-name stands in place of postern.token.key and"
                        + " postern.token.certificate; only one of them can be set");
            }
            return new SigningKeys(fromRegistry.get(), now, Optional.empty(), false);
        }
        if (token.key().isPresent() && token.certificate().isPresent()) {
            Path certificate = token.certificate().get().toAbsolutePath();
            return new SigningKeys(PemKeySource.of(token, keep(config)), now, Optional.of(certificate), false);
        }
        Path data = config.data().toAbsolutePath();
        Path bundle = data.resolve("signing-cert.pem");
        KeyFolder folder = new KeyFolder(data.resolve("signing"), bundle, token.algorithm(), config.issuer(), schedule);
        return new SigningKeys(
                new KeySource() {
                    @Override
                    public KeyRing load(Instant at) throws KeyFault {
                        return folder.load(at);
                    }

                    @Override
                    public Optional<KeyRing> refresh(Instant at) throws KeyFault {
                        return folder.refresh(at);
                    }

                    @Override
                    public Optional<Instant> changesAt() {
                        return folder.changesAt();
                    }
                },
                now,
                Optional.of(bundle),
                true);
    }

    /** Where a registry looks keys up by their ids in a file that it reads at start, they do not change unasked. */
    private static KeySchedule schedule(PosternConfig config) {
        PosternConfig.Token token = config.token();
        Duration every =
                token.rotation().every().orElse(token.keyId() == KeyIdForm.X5C ? DEFAULT_EVERY : Duration.ZERO);
        Duration ahead = token.rotation().publishAhead();
        if (ahead.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new StartFault("postern.token.rotation.publish-ahead is " + ahead + "; expected PT1S or more");
        }
        if (every.isZero()) {
            return KeySchedule.never(keep(config));
        }
        if (every.compareTo(ahead.multipliedBy(2)) < 0 || every.compareTo(LONGEST_EVERY) > 0) {
            throw new StartFault("postern.token.rotation.every is " + every + "; expected 0S (never), or twice"
                    + " postern.token.rotation.publish-ahead (" + ahead + ") to " + LONGEST_EVERY);
        }
        return new KeySchedule(every, ahead, keep(config));
    }

    /** How long what a key has signed is good for. */
    static Duration keep(PosternConfig config) {
        PosternConfig.Token token = config.token();
        Duration refresh = token.refreshTokens() ? token.refreshLifetime() : Duration.ZERO;
        Duration longer = refresh.compareTo(token.lifetime()) > 0 ? refresh : token.lifetime();
        return longer.plus(SLACK);
    }

    /** The keys as they were at start. */
    public KeyRing ring() {
        return ring;
    }

    /** The file that the registry's {@code rootcertbundle} names, where there is one. */
    public Optional<Path> bundle() {
        return bundle;
    }

    /** When another key signs than now, where that is known. */
    Optional<Instant> changesAt() {
        return source.changesAt();
    }

    /** Whether Postern made them because none was configured. */
    public boolean generated() {
        return generated;
    }

    /** The keys, where they are others than before. A fault leaves those before in use. */
    Optional<KeyRing> refresh(Instant now) throws KeyFault {
        return source.refresh(now);
    }
}
