package dev.postern.setup;

import dev.postern.decision.SourceBinding;
import dev.postern.identity.RefreshLogin;
import dev.postern.identity.RegistryLogin;
import dev.postern.token.KeyFault;
import dev.postern.token.KeyRing;
import dev.postern.token.RefreshTokens;
import dev.postern.token.RegistryTokenReader;
import dev.postern.token.ReusedTokens;
import dev.postern.token.RevocationFile;
import dev.postern.token.Revocations;
import dev.postern.token.TokenIssuer;
import dev.postern.token.TokenKeys;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What signs tokens of both kinds, what is revoked of them, and how both follow the world. */
final class TokenService {

    private static final Logger LOG = Logger.getLogger(TokenService.class);

    private final PosternConfig config;
    private final TokenKeys keys;
    private final TokenIssuer issuer;
    private final ReusedTokens reused;
    private final RevocationFile revocations;
    private final SourceBinding.Width binding;
    private String lastKeyFault = "";
    private String lastRevocationFault = "";

    TokenService(PosternConfig config, KeyRing ring) {
        this.config = config;
        PosternConfig.Token token = config.token();
        if (config.service().equals(RefreshTokens.audience(config.issuer()))) {
            throw new StartFault("postern.service is the audience of refresh tokens ('" + config.service()
                    + "'): a registry would take one for its own; expected the registry's name");
        }
        this.binding = binding(token.bindToSource());
        this.keys = new TokenKeys(ring);
        this.issuer = new TokenIssuer(keys, token.keyId(), config.issuer(), token.lifetime());
        this.reused = new ReusedTokens(token.lifetime());
        this.revocations = RevocationFile.in(config.data());
        if (revocations.refresh() instanceof RevocationFile.Rejected rejected) {
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

    Revocations revocations() {
        return revocations;
    }

    SourceBinding.Width binding() {
        return binding;
    }

    /** Takes the tokens that are issued here, before a registry. */
    RegistryLogin registryLogin() {
        return new RegistryLogin(new RegistryTokenReader(keys, config.issuer(), config.service()), revocations);
    }

    RefreshLogin refreshLogin(InstantSource clock) {
        Optional<RefreshTokens> tokens = config.token().refreshTokens()
                ? Optional.of(
                        new RefreshTokens(keys, config.issuer(), config.token().refreshLifetime()))
                : Optional.empty();
        return new RefreshLogin(tokens, revocations, config.service(), clock);
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
        switch (revocations.refresh()) {
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

    private void use(KeyRing ring) {
        String before = keys.ring().signing().thumbprint();
        keys.use(ring);
        String after = ring.signing().thumbprint();
        if (!after.equals(before)) {
            reused.clear();
            LOG.infof("tokens are signed by the key %s from now on", after);
        } else {
            LOG.infof("%d signing keys are published", ring.published().size());
        }
    }
}
