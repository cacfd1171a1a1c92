/**
 * Tokens of issuers, and the API keys of an IAM, to identities.
 *
 * <p>Whose token it says to be only chooses the issuer by whose keys it is verified; before that, nothing in it is believed.
 * Quarkus's OIDC extension verifies. Keys are asked for here, and not by that extension: an answer is bounded in size and
 * time, keys that nobody has heard of cannot make Postern ask more often than now and then, and what cannot be judged is
 * told apart from what is wrong.
 */
@NullMarked
package dev.postern.identity.oidc;

import org.jspecify.annotations.NullMarked;
