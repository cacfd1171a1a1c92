package dev.postern.identity;

import dev.postern.identity.Authentication.RejectedToken;
import dev.postern.identity.Authentication.Unavailable;
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
import java.util.concurrent.CompletableFuture;

/**
 * Registry tokens as credentials, for whoever stands before a registry. One names its subject and what it may do; whether the
 * subject is still one of the policy's, and whether the token counts still, is asked of the policy of each moment. The subject of
 * another token service's token is nobody's here: that service has said what the token allows, and where it may be used from is all
 * that is left to ask.
 */
public final class RegistryLogin {

    /** Before the token's id, in the audit. */
    static final String CREDENTIAL = "registry-token:";

    /** No subject or account of ours is called so; revocations of such do not mean the callers of others. */
    private static final String NOBODY = "";

    private final RegistryTokenReader reader;
    private final OutsideTokens others;
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

    /** It cannot be known just now. */
    public record Unknown(Unavailable authentication) implements Outcome {}

    /**
     * @param reader verifies those that are issued here
     * @param others verifies those of other token services
     * @param revocations those that are refused although they have not expired
     */
    public RegistryLogin(RegistryTokenReader reader, OutsideTokens others, Revocations revocations) {
        this.reader = reader;
        this.others = others;
        this.revocations = revocations;
    }

    /**
     * Judges a token by the policy. Is done at once, but where another token service's token must be verified or its keys asked for.
     *
     * @param service the registry that it is shown to, by its service name
     */
    public CompletableFuture<Outcome> authenticate(Policy policy, String token, String service, Instant now) {
        return switch (reader.read(token, now)) {
            case RegistryTokenReader.NotOurs notOurs ->
                others.read(token, service, now).thenApply(reading -> outside(reading, service));
            case RegistryTokenReader.Invalid invalid ->
                CompletableFuture.completedFuture(bad(Optional.empty(), invalid.why()));
            case RegistryTokenReader.Valid valid ->
                CompletableFuture.completedFuture(
                        valid.claims().audience().equals(service)
                                ? authenticate(policy, valid)
                                : bad(Optional.of(valid.claims().subject()), "it is for another registry"));
        };
    }

    private Outcome outside(OutsideTokens.Reading reading, String service) {
        return switch (reading) {
            case OutsideTokens.Invalid invalid ->
                new Bad(new RejectedToken(invalid.issuer(), Optional.empty(), invalid.why()));
            case OutsideTokens.Unknown unknown -> new Unknown(new Unavailable(unknown.why()));
            case OutsideTokens.Valid valid -> {
                Revocations.Token token = new Revocations.Token(valid.id(), NOBODY, NOBODY, valid.issuedAt());
                yield revocations.isRevoked(token)
                        ? new Bad(
                                new RejectedToken(Optional.of(valid.issuer()), Optional.of(valid.subject()), "revoked"))
                        : new Good(
                                new Identity.Foreign(valid.issuer(), valid.subject(), CREDENTIAL + valid.id()),
                                new RegistryToken.Claims(valid.subject(), service, valid.access(), valid.boundTo()));
            }
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
