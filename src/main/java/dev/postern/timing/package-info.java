/**
 * How long the steps of a decision take, by door. A request has one {@link dev.postern.timing.Course}, which costs it some tens of
 * nanoseconds a step.
 */
@NullMarked
package dev.postern.timing;

import org.jspecify.annotations.NullMarked;
