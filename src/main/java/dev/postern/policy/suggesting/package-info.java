/**
 * Allow lists of what was seen.
 *
 * <p>Sightings of sources are collected by the section of the policy that a rule would stand in, and covered by as few blocks
 * as the limits ask for, which admit as few addresses as possible that were not seen. The result is exact, not a heuristic.
 * Plain Java without I/O or clock; memory is proportional to the number of distinct sources, which is capped.
 */
@NullMarked
package dev.postern.policy.suggesting;

import org.jspecify.annotations.NullMarked;
