/**
 * Who is calling: credentials to {@link dev.postern.identity.Identity}.
 *
 * <p>An identity never says anything about the address of the caller, and nothing about an address is kept with a
 * credential. A wrong credential is an outcome, not an exception, and takes as long for an unknown user as for a known
 * one.
 */
@NullMarked
package dev.postern.identity;

import org.jspecify.annotations.NullMarked;
