package dev.postern.setup;

import dev.postern.decision.SourceBinding;
import dev.postern.identity.RefreshLogin;
import dev.postern.token.AnnouncedKeys;
import dev.postern.token.KeyFault;
import dev.postern.token.KeyRing;
import dev.postern.token.PublishedKey;
import dev.postern.token.RefreshTokens;
import dev.postern.token.ReplicatedRevocations;
import dev.postern.token.ReusedTokens;
import dev.postern.token.RevocationFile;
import dev.postern.token.TokenIssuer;
import dev.postern.token.TokenKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** What signs tokens of both kinds, what is revoked of them, and how both follow the world. */
final class TokenService {

    private static final Logger LOG = Logger.getLogger(TokenService.class);

    private final PosternConfig config;
    private final TokenKeys keys;
    private final TokenIssuer issuer;
    private final ReusedTokens reused;
    private final RevocationFile file;
    private final ReplicatedRevocations revocations;
    private final SourceBinding.Width binding;
    private KeyRing own;
    private List<PublishedKey> announced = List.of();
    private Announcement announcement;
    private String lastKeyFault = "";
    private String lastRevocationFault = "";

    /** What is said of a ring, and when it was. */
    private record Announcement(KeyRing of, Instant at, Map<String, Instant> lines) {}

    TokenService(PosternConfig config, KeyRing ring) {
        this.config = config;
        PosternConfig.Token token = config.token();
        if (config.service().equals(RefreshTokens.audience(config.issuer()))) {
            throw new StartFault("postern.service is the audience of refresh tokens ('" + config.service()
                    + "'): a registry would take one for its own; expected the registry's name");
        }
        this.binding = binding(token.bindToSource());
        this.own = ring;
        this.announcement = new Announcement(ring, Instant.MIN, Map.of());
        this.keys = new TokenKeys(ring);
        this.issuer = new TokenIssuer(keys, token.keyId(), config.issuer(), token.lifetime());
        this.reused = new ReusedTokens(token.lifetime());
        this.file = RevocationFile.in(config.data());
        this.revocations = new ReplicatedRevocations(file);
        if (file.refresh() instanceof RevocationFile.Rejected rejected) {
            throw new StartFault(rejected.why());
        }
    }

    /** In YAML, {@code off} without quotes is the value false. */
    private static SourceBinding.Width binding(String text) {
        return switch (text) {
            case "off", "false" -> SourceBinding.Width.OFF;
            case "address" -> SourceBinding.Width.ADDRESS;
            case "network" -> SourceBinding.Width.NETWORK;
            default ->
                throw new StartFault(
                        "postern.token.bind-to-source is '" + text + "'; expected one of off, address, network");
        };
    }

    TokenKeys keys() {
        return keys;
    }

    TokenIssuer issuer() {
        return issuer;
    }

    ReusedTokens reused() {
        return reused;
    }

    ReplicatedRevocations revocations() {
        return revocations;
    }

    SourceBinding.Width binding() {
        return binding;
    }

    /** @param mayTake whether refresh tokens are taken just now */
    RefreshLogin refreshLogin(InstantSource clock, BooleanSupplier mayTake) {
        Optional<RefreshTokens> tokens = config.token().refreshTokens()
                ? Optional.of(
                        new RefreshTokens(keys, config.issuer(), config.token().refreshLifetime()))
                : Optional.empty();
        return new RefreshLogin(tokens, revocations, config.service(), clock, mayTake);
    }

    /** What other replicas have revoked: in force when this returns, and kept for the next start. */
    void learnRevocations(Set<String> lines, Instant now) {
        ReplicatedRevocations.Learned learned = revocations.learn(lines, now);
        if (learned.ignored() > 0) {
            LOG.warnf("%d revocations of other replicas cannot be read, or are too many", learned.ignored());
        }
        if (learned.taken() == 0) {
            return;
        }
        reused.clear();
        LOG.infof("%d revocations of other replicas in force", learned.taken());
        try {
            revocations.keep(now);
        } catch (KeyFault fault) {
            LOG.errorf("what other replicas have revoked is in force, and forgotten at a restart: %s", fault.why());
        }
    }

    /** The keys of this replica as others are told them; the same object while they are the same. */
    synchronized Map<String, Instant> announcement(Instant now) {
        if (announcement.of() != own || announcement.at().isBefore(now.minus(Duration.ofMinutes(30)))) {
            announcement = new Announcement(own, now, AnnouncedKeys.lines(own, now.plus(SigningKeys.keep(config))));
        }
        return announcement.lines();
    }

    /** What other replicas say of their keys. */
    synchronized void learnKeys(Set<String> lines, Instant now) {
        List<PublishedKey> read = AnnouncedKeys.read(lines, own, now);
        if (!read.equals(announced)) {
            announced = read;
            keys.use(own.with(announced));
            LOG.infof("%d signing keys of other replicas are known", read.size());
        }
    }

    /** Takes what is new. What is bad is told once, and what was good stays. */
    void refresh(SigningKeys from, Instant now) {
        try {
            from.refresh(now).ifPresent(this::use);
            lastKeyFault = "";
        } catch (KeyFault fault) {
            if (!fault.why().equals(lastKeyFault)) {
                lastKeyFault = fault.why();
                LOG.errorf("the signing keys stay as they were: %s", fault.why());
            }
        }
        refreshRevocations();
    }

    /** The same of what is revoked alone. */
    synchronized void refreshRevocations() {
        switch (file.refresh()) {
            case RevocationFile.Unchanged unchanged -> lastRevocationFault = "";
            case RevocationFile.Taken taken -> {
                lastRevocationFault = "";
                reused.clear();
                LOG.infof("%d revocations in force", taken.count());
            }
            case RevocationFile.Rejected rejected -> {
                if (!rejected.why().equals(lastRevocationFault)) {
                    lastRevocationFault = rejected.why();
                    LOG.errorf("the revocations stay as they were: %s", rejected.why());
                }
            }
        }
    }

    private synchronized void use(KeyRing ring) {
        String before = keys.ring().signing().thumbprint();
        own = ring;
        keys.use(ring.with(announced));
        String after = ring.signing().thumbprint();
        if (!after.equals(before)) {
            reused.clear();
            LOG.infof("tokens are signed by the key %s from now on", after);
        } else {
            LOG.infof("%d signing keys are published", ring.published().size());
        }
    }
}
