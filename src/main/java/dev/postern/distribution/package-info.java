/**
 * The OCI distribution specification 1.1 as a gate in front of a registry needs it: what a request asks for, and the forms of
 * refusals and warnings. Plain Java; nothing is decided here.
 *
 * <p>A request is read under the strictest rules that real clients keep. What two readers could read in two ways is refused:
 * the gate must never judge another repository than the registry serves.
 */
@NullMarked
package dev.postern.distribution;

import org.jspecify.annotations.NullMarked;
