package dev.postern.feed;

import dev.postern.address.AddressSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What all feeds hold at one moment: what a policy is linked with. Immutable. */
public final class Feeds {

    private final Map<FeedId, Content> contents;
    private final Content unknown;

    /** What a feed holds. */
    public sealed interface Content {}

    /**
     * The feed has been had.
     *
     * @param addresses its addresses
     * @param stale whether they are too old to let anybody in; they still keep out whom they kept out
     */
    public record Had(AddressSet addresses, boolean stale) implements Content {}

    /**
     * The feed has never been had.
     *
     * @param why what came of asking for it
     * @param tolerated whether an allow list may do without it, and match nobody by it; a deny list never may
     */
    public record Missing(String why, boolean tolerated) implements Content {}

    private Feeds(Map<FeedId, Content> contents, Content unknown) {
        this.contents = Map.copyOf(contents);
        this.unknown = unknown;
    }

    /** Feeds of these contents; every other is missing. */
    public static Feeds of(Map<FeedId, Content> contents) {
        return new Feeds(contents, new Missing("its publisher has not been asked yet", false));
    }

    /** No feed at all. */
    public static Feeds none() {
        return of(Map.of());
    }

    /** These feeds, and those of the ids, where they are missing, are tolerated. */
    public Feeds tolerating(Set<FeedId> ids) {
        Map<FeedId, Content> changed = new HashMap<>(contents);
        for (FeedId id : ids) {
            if (contents.getOrDefault(id, unknown) instanceof Missing missing) {
                changed.put(id, new Missing(missing.why(), true));
            }
        }
        return new Feeds(changed, unknown);
    }

    /** What a feed holds. */
    public Content of(FeedId id) {
        return contents.getOrDefault(id, unknown);
    }
}
