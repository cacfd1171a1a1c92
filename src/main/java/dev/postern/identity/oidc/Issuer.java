package dev.postern.identity.oidc;

import dev.postern.identity.federation.IssuerRules;
import java.time.Duration;
import java.util.Set;

/**
 * An issuer whose tokens are taken.
 *
 * @param url what {@code iss} must be, exactly
 * @param audiences of which one must be in {@code aud}
 * @param algorithms by which it signs
 * @param clockSkew how far its clock and this one may be apart
 * @param longest how many characters a token may have
 * @param rules what its claims are here, and its name
 */
public record Issuer(
        String url, Set<String> audiences, Set<String> algorithms, Duration clockSkew, int longest, IssuerRules rules) {

    /** Every algorithm that can be taken: those with two keys, of which the public one cannot sign. */
    public static final Set<String> ASYMMETRIC =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    /** Keeps its own copies, and takes nothing that would take everything. */
    public Issuer {
        audiences = Set.copyOf(audiences);
        algorithms = Set.copyOf(algorithms);
        if (audiences.isEmpty() || algorithms.isEmpty() || !ASYMMETRIC.containsAll(algorithms)) {
            throw new IllegalArgumentException("an issuer has audiences, and algorithms that are asymmetric");
        }
    }

    /** Its name in the settings. */
    public String name() {
        return rules.issuer();
    }
}
