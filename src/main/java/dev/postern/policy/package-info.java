/**
 * The accounts' policy: YAML documents, their checks, and the compiled, immutable {@link dev.postern.policy.Policy}.
 *
 * <p>Every mistake in a document is found and reported with file, line, column and what was expected; a document with a
 * mistake yields no policy at all. Unknown keys are mistakes: a mistyped condition must not match everyone. Plain Java
 * without I/O or clock; reading files and following their changes is in {@code policy.load}.
 */
@NullMarked
package dev.postern.policy;

import org.jspecify.annotations.NullMarked;
