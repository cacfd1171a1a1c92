/**
 * What doors have in common: how a request on its way to a registry is decided, whatever asked, and who may ask.
 *
 * <p>Each request becomes one {@code AccessRequest}, and the gate decides it. What a door has to say of it is how its own wire
 * names method, path, credentials and the connection, and how it carries the answer.
 */
@NullMarked
package dev.postern.door;

import org.jspecify.annotations.NullMarked;
