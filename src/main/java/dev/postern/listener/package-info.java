/**
 * How connections arrive: the facts of an HTTP request's connection, as {@code source} needs them, and the listener for
 * connections that begin with a PROXY protocol header.
 *
 * <p>Nothing is believed here. What a PROXY header says is taken from trusted senders only, kept under the socket by which
 * the rest of the connection reaches the HTTP port, and forgotten with it.
 */
@NullMarked
package dev.postern.listener;

import org.jspecify.annotations.NullMarked;
