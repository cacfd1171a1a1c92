/**
 * No credential, token or key is in anything that a run of the tests wrote: what the tests use is known ({@link
 * dev.postern.testing.secrets.Secrets}, {@code src/test/resources/secrets/known.tsv}), and after them {@code ./check} holds every file
 * below {@code target} against it ({@link dev.postern.testing.secrets.Sweep}).
 */
@NullMarked
package dev.postern.testing.secrets;

import org.jspecify.annotations.NullMarked;
