/**
 * Puts the house together: the operator's settings, what is generated when nothing is configured, the checks before
 * production, and the objects of the other packages, made once at start.
 *
 * <p>What is wrong with the configuration is a {@link dev.postern.setup.StartFault}: one message that says what to do, and
 * no start.
 */
@NullMarked
package dev.postern.setup;

import org.jspecify.annotations.NullMarked;
