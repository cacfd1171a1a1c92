package dev.postern.policy.suggesting;

import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sources that were seen, by section. Holds one entry for each source and section, however often it was seen. */
public final class Sightings {

    private final int maxSources;
    private final SortedMap<Section, Map<Source, Tally>> bySection = new TreeMap<>();
    private int sources;

    /** Takes so many sources, one in two sections counted twice. */
    public Sightings(int maxSources) {
        this.maxSources = maxSources;
    }

    /** What became of a sighting. */
    public enum Taken {
        /** It counts. */
        YES,
        /** It is of an unknown source, for which there can be no rule. */
        UNKNOWN_SOURCE,
        /** There are more sources than this holds; what is suggested without it would not be all. */
        TOO_MANY_SOURCES
    }

    /** Takes a sighting. */
    public Taken add(Section section, Source source, Instant time) {
        Source seen = switch (source) {
            case PublicSource known -> new PublicSource(known.address(), List.of());
            case PrivateSource known -> new PrivateSource(known.endpoint(), known.arrival(), List.of());
            case UnknownSource unknown -> unknown;
        };
        if (seen instanceof UnknownSource) {
            return Taken.UNKNOWN_SOURCE;
        }
        Map<Source, Tally> tallies = bySection.get(section);
        boolean known = tallies != null && tallies.containsKey(seen);
        if (!known && sources == maxSources) {
            return Taken.TOO_MANY_SOURCES;
        }
        sources += known ? 0 : 1;
        bySection.computeIfAbsent(section, key -> new HashMap<>()).merge(seen, Tally.of(time), Tally::and);
        return Taken.YES;
    }

    /** Whether nothing was seen. */
    public boolean isEmpty() {
        return bySection.isEmpty();
    }

    SortedMap<Section, Map<Source, Tally>> bySection() {
        return bySection;
    }
}
