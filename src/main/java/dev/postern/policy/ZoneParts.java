package dev.postern.policy;

import dev.postern.address.AddressRange;
import dev.postern.feed.FeedDeclaration;
import java.util.List;
import java.util.Optional;

/**
 * A zone's own words.
 *
 * @param addresses what it takes in
 * @param zones the zones that it takes in
 * @param except what it leaves out
 * @param feed the feed that it follows
 */
record ZoneParts(
        List<AddressRange> addresses,
        List<YamlMap.ScalarItem> zones,
        List<AddressRange> except,
        Optional<FeedDeclaration> feed) {
    ZoneParts {
        addresses = List.copyOf(addresses);
        zones = List.copyOf(zones);
        except = List.copyOf(except);
    }
}
