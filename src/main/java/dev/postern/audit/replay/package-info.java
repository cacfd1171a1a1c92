/**
 * Decides again what was decided, by another policy: reads audit events as fast as they can be read, with all processors and in bounded
 * memory, and counts what would come out otherwise.
 *
 * <p>What cannot be decided again is left out and counted by the reason: nothing is guessed.
 */
@NullMarked
package dev.postern.audit.replay;

import org.jspecify.annotations.NullMarked;
