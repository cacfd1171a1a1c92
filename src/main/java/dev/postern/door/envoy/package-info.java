/**
 * Envoy's external authorization ({@code envoy.service.auth.v3.Authorization}): its messages to the engine's input.
 *
 * <p>What a message says is Envoy's own word: the address of its caller, the metadata of its listener. It is only to be taken
 * from a gRPC caller that is trusted, and the service that answers calls sees to that before anything is read here.
 */
@NullMarked
package dev.postern.door.envoy;

import org.jspecify.annotations.NullMarked;
