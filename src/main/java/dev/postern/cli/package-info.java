/**
 * The {@code postern} commands.
 *
 * <p>Exit codes: 0 done, 1 the answer is no or something failed, 64 wrong usage, 78 the configuration is at fault.
 */
@NullMarked
package dev.postern.cli;

import org.jspecify.annotations.NullMarked;
