/**
 * Policies that come as a bundle: a {@code .tar.gz} of documents, or one document, at an {@code https} URL.
 *
 * <p>{@link dev.postern.policy.bundle.BundleKeeper} asks for it, and is the source of documents for a
 * {@link dev.postern.policy.load.PolicyStore}. What comes is bounded, read in memory, and held to its signature before
 * anything else is made of it; whatever is wrong with it, the last good bundle stays. That one survives restarts.
 */
@NullMarked
package dev.postern.policy.bundle;

import org.jspecify.annotations.NullMarked;
