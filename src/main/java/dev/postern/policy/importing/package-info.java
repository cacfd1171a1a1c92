/**
 * Other systems' allowlists to policies.
 *
 * <p>The rule above all others: nothing is opened that the other system keeps closed. What cannot be said is left out, with a
 * warning that names its place, where it allows; where leaving it out would open something, there is no policy at all. Input
 * is hostile: bounded in size, depth and number, strict in form. Plain Java, apart from Jackson's streaming parser and the
 * YAML parser; files are read by whoever calls.
 */
@NullMarked
package dev.postern.policy.importing;

import org.jspecify.annotations.NullMarked;
