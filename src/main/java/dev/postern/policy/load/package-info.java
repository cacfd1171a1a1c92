/**
 * The policy's files: reading them, and following their changes.
 *
 * <p>A change is known by content, so that a ConfigMap's symlink swap counts and a mere touch does not. A bad change
 * never replaces a good policy: the last good one stays in force, and the log, a metric and the health say so.
 */
@NullMarked
package dev.postern.policy.load;

import org.jspecify.annotations.NullMarked;
