package dev.postern.identity;

import dev.postern.identity.Authentication.RejectedToken;
import dev.postern.policy.Account;
import dev.postern.policy.Claims;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.token.RegistryToken;
import dev.postern.token.RegistryTokenReader;
import dev.postern.token.Revocations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Registry tokens as credentials, for whoever stands before a registry. One names its subject and what it may do; whether the
 * subject is still one of the policy's, and whether the token counts still, is asked of the policy of each moment.
 */
public final class RegistryLogin {

    /** Before the token's id, in the audit. */
    static final String CREDENTIAL = "registry-token:";

    private final RegistryTokenReader reader;
    private final Revocations revocations;

    /** What became of a token. */
    public sealed interface Outcome {}

    /**
     * It is good, so far as it can be known without the source.
     *
     * @param identity whose it is
     * @param claims what it says
     */
    public record Good(Identity identity, RegistryToken.Claims claims) implements Outcome {}

    /** It is not. */
    public record Bad(RejectedToken authentication) implements Outcome {}

    /**
     * @param reader verifies them
     * @param revocations those that are refused although they have not expired
     */
    public RegistryLogin(RegistryTokenReader reader, Revocations revocations) {
        this.reader = reader;
        this.revocations = revocations;
    }

    /** Judges a token by the policy. */
    public Outcome authenticate(Policy policy, String token, Instant now) {
        return switch (reader.read(token, now)) {
            case RegistryTokenReader.Invalid invalid -> bad(Optional.empty(), invalid.why());
            case RegistryTokenReader.Valid valid -> authenticate(policy, valid);
        };
    }

    private Outcome authenticate(Policy policy, RegistryTokenReader.Valid token) {
        String name = token.claims().subject();
        Optional<Subject> subject = name.isEmpty() ? Optional.of(Subject.ANONYMOUS) : Subject.parse(name);
        if (subject.isEmpty()) {
            return bad(Optional.empty(), "its subject is none of ours");
        }
        Instant issuedAt = token.issuedAt();
        if (policy.tokensNotBefore(subject.get()).filter(issuedAt::isBefore).isPresent()) {
            return bad(Optional.of(name), "issued before tokens-not-before");
        }
        if (revocations.isRevoked(
                new Revocations.Token(token.id(), name, subject.get().account(), issuedAt))) {
            return bad(Optional.of(name), "revoked");
        }
        return identity(policy, subject.get(), token)
                .<Outcome>map(identity -> new Good(identity, token.claims()))
                .orElseGet(() -> bad(Optional.of(name), "its subject is gone from the policy"));
    }

    private static Optional<Identity> identity(Policy policy, Subject subject, RegistryTokenReader.Valid token) {
        String credential = CREDENTIAL + token.id();
        return switch (subject.kind()) {
            case ANONYMOUS -> Optional.of(new Identity.Anonymous());
            // Whether the account still has it, the gate looks.
            case SERVICE_ID, USER -> Optional.of(new Identity.Known(subject, credential));
            case OIDC -> federated(policy, subject, credential, token.claims().entries());
            // Tokens have no such subjects.
            case FEDERATED, GROUP, OIDC_GROUP -> Optional.empty();
        };
    }

    /** With the account's entries as they are now: their own network rules count, and one that is gone takes nobody. */
    private static Optional<Identity> federated(Policy policy, Subject subject, String credential, List<String> names) {
        Optional<Account> account = policy.account(subject.account());
        if (account.isEmpty()) {
            return Optional.empty();
        }
        List<Account.Federated> entries = new ArrayList<>();
        for (String name : names) {
            Account.Federated entry = account.get().federated().get(name);
            if (entry == null) {
                return Optional.empty();
            }
            entries.add(entry);
        }
        return Optional.of(new Identity.Federated(subject, credential, entries, Set.of(), Set.of(), Claims.NONE));
    }

    private static Outcome bad(Optional<String> subject, String why) {
        return new Bad(new RejectedToken(Optional.empty(), subject, why));
    }
}
