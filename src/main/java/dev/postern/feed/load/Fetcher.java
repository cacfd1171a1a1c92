package dev.postern.feed.load;

import dev.postern.feed.FeedLocation;
import dev.postern.feed.Validators;
import java.nio.file.Path;

/** Asks publishers. */
@FunctionalInterface
public interface Fetcher {

    /**
     * Fetches a resource; takes as long as its limits say, and no longer. Never fails otherwise than by its result.
     *
     * @param known what we have already, by the publisher's own words
     * @param into where the answer's bytes go; theirs to write and the caller's to delete
     */
    Fetched fetch(FeedLocation.Url url, Validators known, Path into);
}
