/**
 * Who is calling: credentials to {@link dev.postern.identity.Identity}.
 *
 * <p>An identity never says anything about the address of the caller, and nothing about an address is kept with a
 * credential. A wrong credential is an outcome, not an exception, and takes as long for an unknown user as for a known
 * one.
 *
 * <p>That a slow check has found a password right is kept for a short while, under a keyed digest of the password and of the
 * hash that it was held against: a changed hash, or a user who is gone, is not known by it. Nothing else is kept, and a
 * failure never. Too many failures are met by {@link dev.postern.throttle}.
 */
@NullMarked
package dev.postern.identity;

import org.jspecify.annotations.NullMarked;
