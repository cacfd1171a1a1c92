package dev.postern.policy;

import java.util.Map;

/**
 * The zones of a policy, by name.
 *
 * @param all as deny lists see them: with everything that they hold
 * @param admitting as allow lists see them: without what a feed said too long ago
 */
record Zones(Map<String, Zone> all, Map<String, Zone> admitting) {}
