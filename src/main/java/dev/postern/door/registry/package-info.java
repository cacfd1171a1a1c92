/**
 * The token service of the Distribution specification: {@code GET} and {@code POST /token}, and {@code /jwks.json}.
 *
 * <p>Turns each request into one {@code AccessRequest}, asks the gate, and turns the decision into the answer that
 * registry clients understand. Nothing is decided here.
 */
@NullMarked
package dev.postern.door.registry;

import org.jspecify.annotations.NullMarked;
