/**
 * Postern as its users meet it: the packaged artifact beside a real registry, asked by real clients at real addresses, in
 * the network lab of {@code src/test/lab}. Nothing here knows a class of Postern; what is not seen on the wire, in the
 * log or in a file is not tested here.
 *
 * <p>Where network namespaces cannot be made, the tests are left out and {@code target/left-out.txt} says why; with
 * {@code CI=true} in the environment they fail instead.
 */
@NullMarked
package dev.postern.lab;

import org.jspecify.annotations.NullMarked;
