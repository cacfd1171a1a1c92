/**
 * Whose caller is it? What an issuer says of a caller, held against what the operator says of the issuer and what accounts
 * say of its tokens.
 *
 * <p>Plain Java: that what is said was verified, whoever calls this has seen to.
 */
@NullMarked
package dev.postern.identity.federation;

import org.jspecify.annotations.NullMarked;
