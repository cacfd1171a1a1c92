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
     * @param tolerance where rules may do without it, and match nobody by it
     */
    public record Missing(String why, Tolerance tolerance) implements Content {}

    /** Where rules may do without a feed that has never been had. */
    public enum Tolerance {
        /** Nowhere: such a policy is not taken. */
        NOWHERE,
        /** Where they let somebody in. A deny list that does not know whom it keeps out is never taken. */
        IN_ALLOW_LISTS,
        /** Everywhere: nobody is served by the policy. */
        EVERYWHERE
    }

    private static final Missing NEVER_ASKED = new Missing("its publisher has not been asked yet", Tolerance.NOWHERE);

    private Feeds(Map<FeedId, Content> contents, Content unknown) {
        this.contents = Map.copyOf(contents);
        this.unknown = unknown;
    }

    /** Feeds of these contents; every other is missing. */
    public static Feeds of(Map<FeedId, Content> contents) {
        return new Feeds(contents, NEVER_ASKED);
    }

    /** No feed at all. */
    public static Feeds none() {
        return of(Map.of());
    }

    /** These feeds, where allow lists may do without those of the ids. */
    public Feeds tolerating(Set<FeedId> ids) {
        Map<FeedId, Content> changed = new HashMap<>(contents);
        for (FeedId id : ids) {
            if (of(id) instanceof Missing missing && missing.tolerance() == Tolerance.NOWHERE) {
                changed.put(id, new Missing(missing.why(), Tolerance.IN_ALLOW_LISTS));
            }
        }
        return new Feeds(changed, unknown);
    }

    /** These feeds, as if all that they hold had been confirmed just now; this object where that makes no difference. */
    public Feeds fresh() {
        if (contents.values().stream().noneMatch(content -> content instanceof Had had && had.stale())) {
            return this;
        }
        Map<FeedId, Content> changed = new HashMap<>(contents);
        changed.replaceAll((id, content) -> content instanceof Had had ? new Had(had.addresses(), false) : content);
        return new Feeds(changed, unknown);
    }

    /** These feeds, where one holds other addresses. */
    public Feeds with(FeedId id, AddressSet addresses) {
        Map<FeedId, Content> changed = new HashMap<>(contents);
        changed.put(id, new Had(addresses, false));
        return new Feeds(changed, unknown);
    }

    /** What a feed holds. */
    public Content of(FeedId id) {
        return contents.getOrDefault(id, unknown);
    }
}
