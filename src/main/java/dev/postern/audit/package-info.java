/**
 * One event per decision: to the log, to the metrics, and to whoever listens in the process.
 *
 * <p>An event holds what was asked, by whom, from where and why it was decided so; never a credential or a token.
 */
@NullMarked
package dev.postern.audit;

import org.jspecify.annotations.NullMarked;
