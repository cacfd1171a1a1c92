package dev.postern.identity.oidc;

import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.runtime.OidcProvider;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * Verifies tokens of one issuer with Quarkus's OIDC extension, by keys that are at hand.
 *
 * <p>Of that extension, the part without a client: its own way to keys reads answers of any length, asks again once in a
 * while whether its last question was answered or not, and tells a caller whose issuer is down that its token is wrong.
 */
final class Verification {

    /** Quarkus's word for it. */
    private static final String ANY_AUDIENCE = "any";

    private final OidcTenantConfig tenant;
    private volatile Optional<Provider> last = Optional.empty();

    private record Provider(KeySet keys, OidcProvider provider) {}

    /**
     * A verification of the issuer's tokens.
     *
     * @param withAudience whether they must be meant for one of the issuer's audiences
     */
    Verification(Issuer issuer, boolean withAudience) {
        this.tenant = OidcTenantConfig.builder()
                .tenantId(issuer.name())
                .token()
                .issuer(issuer.url())
                .audience(withAudience ? List.copyOf(issuer.audiences()) : List.of(ANY_AUDIENCE))
                .lifespanGrace((int) issuer.clockSkew().toSeconds())
                .issuedAtRequired()
                .subjectRequired(false)
                .end()
                .build();
    }

    /** What is wrong with the token, if something is; nothing of what it says. */
    Optional<String> objection(String token, KeySet keys) {
        try {
            provider(keys).verifyJwtToken(token, true, false, null);
            return Optional.empty();
        } catch (InvalidJwtException e) {
            return Optional.of(
                    e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)
                            ? "its signature is not that of the issuer's key"
                            : "its key, its times or its claims are not in order");
        } catch (RuntimeException e) {
            return Optional.of("it cannot be verified (" + e.getClass().getSimpleName() + ")");
        }
    }

    private OidcProvider provider(KeySet keys) {
        Optional<Provider> known = last.filter(provider -> provider.keys() == keys);
        if (known.isPresent()) {
            return known.get().provider();
        }
        Provider made = new Provider(keys, new OidcProvider(null, tenant, keys.keys()));
        last = Optional.of(made);
        return made.provider();
    }
}
