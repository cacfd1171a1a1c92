package dev.postern.policy;

import dev.postern.address.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** Reads zones. */
final class ZoneReader {

    private static final String MEMBERS = AddressRange.FORMS;

    private final Problems problems;

    private final FeedReader feeds;

    ZoneReader(Problems problems) {
        this.problems = problems;
        this.feeds = new FeedReader(problems);
    }

    /** What the zone is made of, where that can be read. */
    Optional<ZoneParts> read(String name, Position position, Node node) {
        if (!Names.isName(name)) {
            problems.error(position, "'" + YamlMap.shown(name) + "' is not a zone's name: " + Names.NAME_FORM);
        }
        return YamlMap.of(node, position.file(), problems, "zone '" + YamlMap.shown(name) + "'")
                .map(map -> {
                    ZoneParts parts = new ZoneParts(
                            ranges(map.texts("addresses", MEMBERS)),
                            map.texts("zones", "zone names"),
                            ranges(map.texts("except", MEMBERS)),
                            map.map("feed").flatMap(feed -> feeds.read(name, feed, position.file())));
                    if (!map.has("addresses") && !map.has("zones") && !map.has("feed")) {
                        problems.error(
                                position,
                                "zone '" + YamlMap.shown(name) + "' has none of 'addresses', 'zones' and 'feed'");
                    }
                    map.rejectUnknownKeys("a zone");
                    return parts;
                });
    }

    private List<AddressRange> ranges(List<YamlMap.ScalarItem> texts) {
        List<AddressRange> ranges = new ArrayList<>();
        for (YamlMap.ScalarItem item : texts) {
            switch (AddressRange.parse(item.text())) {
                case AddressRange.Parsed parsed -> ranges.add(parsed.range());
                case AddressRange.Malformed malformed -> problems.error(item.position(), malformed.why());
            }
        }
        return ranges;
    }
}
