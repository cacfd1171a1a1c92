/**
 * Signing keys and their life, registry tokens, refresh tokens, and what is revoked of both.
 *
 * <p>Tokens are the JWT of the Distribution specification, in the form that Distribution 2.8 and later accept. What a key
 * publishes ({@code rootcertbundle}, JWKS) is derived from it and holds no private part. Tokens are verified by keys of the
 * ring in force alone: a header names one of them, in the text that would be written now, or the token is nobody's. Nothing
 * here knows policies or addresses.
 */
@NullMarked
package dev.postern.token;

import org.jspecify.annotations.NullMarked;
