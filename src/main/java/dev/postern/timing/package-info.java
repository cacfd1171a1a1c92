/**
 * How long the steps of a decision take, by door. A request has one {@link dev.postern.timing.Course}, which costs it some tens of
 * nanoseconds a step; of some courses a {@link dev.postern.timing.Trace} is made, where somebody records them.
 */
@NullMarked
package dev.postern.timing;

import org.jspecify.annotations.NullMarked;
