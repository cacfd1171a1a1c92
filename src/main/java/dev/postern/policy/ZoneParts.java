package dev.postern.policy;

import dev.postern.address.AddressRange;
import java.util.List;

/**
 * A zone's own words.
 *
 * @param addresses what it takes in
 * @param zones the zones that it takes in
 * @param except what it leaves out
 */
record ZoneParts(List<AddressRange> addresses, List<YamlMap.ScalarItem> zones, List<AddressRange> except) {
    ZoneParts {
        addresses = List.copyOf(addresses);
        zones = List.copyOf(zones);
        except = List.copyOf(except);
    }
}
