/**
 * Where the caller really is.
 *
 * <p>{@link dev.postern.source.SourceResolver} turns the facts of one connection into a {@link
 * dev.postern.source.Source}: a public address, a private endpoint with the address observed there, or unknown. Every
 * source carries its evidence, the hops that were believed and why. Only what trusted proxies say is read; on doubt the
 * source is unknown, and unknown is always refused. Plain Java: no I/O, no framework, no clock.
 */
@NullMarked
package dev.postern.source;

import org.jspecify.annotations.NullMarked;
