package dev.postern.identity.oidc;

import dev.postern.identity.federation.SaidClaims;
import java.time.Instant;

/**
 * What an issuer said, verified.
 *
 * @param issuer the issuer's name in the settings
 * @param claims what it says of the caller
 * @param expires until when it is good
 */
public record VerifiedToken(String issuer, SaidClaims claims, Instant expires) {}
