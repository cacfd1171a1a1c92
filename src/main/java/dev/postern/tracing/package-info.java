/**
 * Some decisions as traces, for a collector of OpenTelemetry: which ones, and how they are written. A span names the decision and its
 * reason, and nobody: no address, no account, no credential.
 */
@NullMarked
package dev.postern.tracing;

import org.jspecify.annotations.NullMarked;
