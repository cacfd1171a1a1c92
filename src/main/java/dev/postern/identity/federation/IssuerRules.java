package dev.postern.identity.federation;

import dev.postern.policy.Role;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator says of an issuer's claims.
 *
 * @param issuer the issuer's name in the settings
 * @param subjectClaim the claim that names the caller
 * @param accountClaim the claim that names the caller's account, where the issuer is believed in that
 * @param accounts the accounts that the issuer's callers can belong to; empty for all
 * @param groupsClaim the claim with the caller's groups
 * @param rolesClaim the claim with the caller's roles
 * @param roles what a role of the issuer's is here
 */
public record IssuerRules(
        String issuer,
        String subjectClaim,
        Optional<String> accountClaim,
        Optional<Set<String>> accounts,
        Optional<String> groupsClaim,
        Optional<String> rolesClaim,
        Map<String, Role> roles) {

    /** Keeps its own copies. */
    public IssuerRules {
        accounts = accounts.map(Set::copyOf);
        roles = Map.copyOf(roles);
        if (accountClaim.isPresent() && accounts.isEmpty()) {
            throw new IllegalArgumentException("an issuer that tells accounts is believed of listed ones only");
        }
    }

    /** Rules for an issuer that tells who its callers are, and nothing more. */
    public static IssuerRules of(String issuer) {
        return new IssuerRules(
                issuer, "sub", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    boolean admits(String account) {
        return accounts.map(listed -> listed.contains(account)).orElse(true);
    }
}
