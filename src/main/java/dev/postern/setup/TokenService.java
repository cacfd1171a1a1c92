package dev.postern.setup;

import dev.postern.decision.SourceBinding;
import dev.postern.identity.OutsideTokens;
import dev.postern.identity.RefreshLogin;
import dev.postern.identity.RegistryLogin;
import dev.postern.token.KeyFault;
import dev.postern.token.KeyRing;
import dev.postern.token.RefreshTokens;
import dev.postern.token.RegistryTokenReader;
import dev.postern.token.ReplicatedRevocations;
import dev.postern.token.ReusedTokens;
import dev.postern.token.RevocationFile;
import dev.postern.token.TokenIssuer;
import dev.postern.token.TokenKeys;
import java.time.Instant;
import java.time.InstantSource;
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
    private final ReplicaKeys replicaKeys;
    private final LastingFault keyFault = new LastingFault();
    private final LastingFault revocationFault = new LastingFault();

    TokenService(PosternConfig config, KeyRing ring) {
        this.config = config;
        PosternConfig.Token token = config.token();
        if (config.service().equals(RefreshTokens.audience(config.issuer()))) {
            throw new StartFault("postern.service is the audience of refresh tokens ('" + config.service()
                    + "'): a registry would take one for its own; expected the registry's name");
        }
        this.binding = binding(token.bindToSource());
        this.keys = new TokenKeys(ring);
        this.replicaKeys = new ReplicaKeys(keys, SigningKeys.keep(config));
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

    /** Why keys are not taken that are there, while those before are in use. */
    LastingFault keyFault() {
        return keyFault;
    }

    /** Why revocations are not taken that are there, while those before are in force. */
    LastingFault revocationFault() {
        return revocationFault;
    }

    SourceBinding.Width binding() {
        return binding;
    }

    /** Takes the tokens that are issued here, before a registry, and those of others. */
    RegistryLogin registryLogin(OutsideTokens others) {
        return new RegistryLogin(new RegistryTokenReader(keys, config.issuer(), config.service()), others, revocations);
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
    Map<String, Instant> announcement(Instant now) {
        return replicaKeys.announcement(now);
    }

    /** What other replicas say of their keys. */
    void learnKeys(Set<String> lines, Instant now) {
        replicaKeys
                .hear(lines, now)
                .ifPresent(count -> LOG.infof("%d signing keys of other replicas are known", count));
    }

    /** Takes what is new. What is bad is told once, and what was good stays. */
    void refresh(SigningKeys from, Instant now) {
        try {
            from.refresh(now).ifPresent(this::use);
            if (keyFault.over()) {
                LOG.info("the signing keys are as they should be again");
            }
        } catch (KeyFault fault) {
            if (keyFault.seen(fault.why(), now)) {
                LOG.errorf("the signing keys stay as they were: %s", fault.why());
            }
        }
        refreshRevocations(now);
    }

    /** The same of what is revoked alone. */
    synchronized void refreshRevocations(Instant now) {
        switch (file.refresh()) {
            case RevocationFile.Unchanged unchanged -> revocationsAreGood();
            case RevocationFile.Taken taken -> {
                revocationsAreGood();
                reused.clear();
                LOG.infof("%d revocations in force", taken.count());
            }
            case RevocationFile.Rejected rejected -> {
                if (revocationFault.seen(rejected.why(), now)) {
                    LOG.errorf("the revocations stay as they were: %s", rejected.why());
                }
            }
        }
    }

    private void revocationsAreGood() {
        if (revocationFault.over()) {
            LOG.info("the revocations are as they should be again");
        }
    }

    private void use(KeyRing ring) {
        String before = keys.ring().signing().thumbprint();
        replicaKeys.use(ring);
        String after = ring.signing().thumbprint();
        if (!after.equals(before)) {
            reused.clear();
            LOG.infof("tokens are signed by the key %s from now on", after);
        } else {
            LOG.infof("%d signing keys are published", ring.published().size());
        }
    }
}
