/**
 * Signing keys and registry tokens.
 *
 * <p>Tokens are the JWT of the Distribution specification, in the form that Distribution 2.8 and later accept. A key is
 * read or generated once; what it publishes ({@code rootcertbundle}, JWKS) is derived from it and holds no private part.
 */
@NullMarked
package dev.postern.token;

import org.jspecify.annotations.NullMarked;
