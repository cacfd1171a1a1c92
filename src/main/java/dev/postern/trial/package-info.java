/**
 * Requests that nobody has made: what would be decided, and is it what the owner of a policy expects?
 *
 * <p>The engine is the server's own, source resolution included; only that the identity is named, not proven.
 */
@NullMarked
package dev.postern.trial;

import org.jspecify.annotations.NullMarked;
