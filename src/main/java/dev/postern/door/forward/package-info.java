/**
 * Proxies that ask by HTTP: Envoy's {@code http_service}, nginx's {@code auth_request}, Caddy's {@code forward_auth}, Traefik's
 * {@code forwardAuth}. Each has its own way of naming method and target, and none says who connected to it but by the
 * forwarding header. So only proxies are answered that are trusted in that, and only where they name somebody.
 */
@NullMarked
package dev.postern.door.forward;

import org.jspecify.annotations.NullMarked;
