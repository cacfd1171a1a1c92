/**
 * The {@code postern} commands.
 *
 * <p>What a command found goes to standard output, as text or as one JSON document; what stops it goes to standard error. {@link
 * dev.postern.cli.ExitCode} has the exit codes.
 */
@NullMarked
package dev.postern.cli;

import org.jspecify.annotations.NullMarked;
