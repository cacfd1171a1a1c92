package dev.postern.door.registry;

import dev.postern.decision.Decision;
import dev.postern.decision.SourceBinding;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.token.RegistryToken;
import dev.postern.token.ReusedTokens;
import dev.postern.token.Revocations;
import dev.postern.token.SigningKey;
import dev.postern.token.TokenIssuer;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Registry tokens for what was granted: the one that is there already, or one that is signed now. */
@Singleton
final class RegistryTokens {

    private final TokenIssuer issuer;
    private final ReusedTokens reused;
    private final Revocations revocations;
    private final String service;
    private final boolean reuse;
    private final SourceBinding.Width binding;

    RegistryTokens(
            TokenIssuer issuer,
            ReusedTokens reused,
            Revocations revocations,
            @ConfigProperty(name = "postern.service") String service,
            @ConfigProperty(name = "postern.token.reuse") boolean reuse,
            SourceBinding.Width binding) {
        this.issuer = issuer;
        this.reused = reused;
        this.revocations = revocations;
        this.service = service;
        this.reuse = reuse;
        this.binding = binding;
    }

    RegistryToken give(Decision.Granted granted, Policy policy, Source source, Instant now) {
        Subject subject = granted.identity().subject();
        RegistryToken.Claims claims = claims(granted, SourceBinding.of(binding, policy, subject, source, now));
        if (!reuse) {
            return issuer.issue(claims, now);
        }
        SigningKey key = issuer.keys().ring().signing();
        Optional<RegistryToken> there = reused.find(claims, key, now).filter(token -> isGood(token, policy, subject));
        if (there.isPresent()) {
            reused.given();
            return there.get();
        }
        RegistryToken token = issuer.issue(claims, now);
        reused.remember(claims, key, token);
        return token;
    }

    private boolean isGood(RegistryToken token, Policy policy, Subject subject) {
        return policy.tokensNotBefore(subject)
                        .filter(token.issuedAt()::isBefore)
                        .isEmpty()
                && !revocations.isRevoked(
                        new Revocations.Token(token.id(), subject.toString(), subject.account(), token.issuedAt()));
    }

    private RegistryToken.Claims claims(Decision.Granted granted, Optional<String> boundTo) {
        List<RegistryToken.Access> access = granted.grants().stream()
                .filter(grant -> !grant.actions().isEmpty())
                .map(grant -> new RegistryToken.Access(
                        grant.scope().type(), grant.scope().name(), grant.actions()))
                .toList();
        List<String> entries = granted.identity() instanceof Identity.Federated federated
                ? federated.entries().stream().map(Account.Federated::name).toList()
                : List.of();
        return new RegistryToken.Claims(granted.identity().subject().toString(), service, access, boundTo, entries);
    }
}
