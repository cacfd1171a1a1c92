package dev.postern.feed;

/**
 * A feed as a policy declares it.
 *
 * @param zone the zone that follows it
 * @param selection its form, and which part of it
 * @param location where it is
 * @param rules how it is followed
 */
public record FeedDeclaration(String zone, Selection selection, FeedLocation location, FeedRules rules) {

    /** What a copy is known by: the same as long as zone, form, part and location are. The rules may change. */
    public FeedId id() {
        return FeedId.of(zone, selection, location);
    }

    /** For people. */
    public String text() {
        return selection.text() + " of " + location.text();
    }
}
