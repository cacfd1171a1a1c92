/**
 * The golden table: what Postern decides, as data.
 *
 * <p>The files of {@code src/test/resources/cases} hold settings, a policy, credentials and cases. Each case runs
 * through the engine and over HTTP, and both must give the answer that stands in the file.
 */
@NullMarked
package dev.postern.cases;

import org.jspecify.annotations.NullMarked;
