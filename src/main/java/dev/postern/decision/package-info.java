/**
 * The decision: {@link dev.postern.decision.Gate} is a pure function of policy, request and instant.
 *
 * <p>Every door asks the same gate with the same {@link dev.postern.decision.AccessRequest}. A refusal is a value with a
 * reason and an explanation, never an exception. Plain Java: no I/O, no framework, no clock but the one passed in.
 */
@NullMarked
package dev.postern.decision;

import org.jspecify.annotations.NullMarked;
