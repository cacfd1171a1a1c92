/**
 * The page for people, on the management port: what is decided now, who was refused and why, which rules there are and what they
 * open, and what would be decided of a request that nobody has made. It changes nothing. Everything that it shows of callers was
 * written by them, is made visible, escaped and bounded, and is reduced as audit events are.
 *
 * <p>Off unless it is enabled, it costs nothing then. On, the thread that decides counts, and leaves refusals in a table of fixed
 * size; the rest is done aside.
 */
@NullMarked
package dev.postern.console;

import org.jspecify.annotations.NullMarked;
