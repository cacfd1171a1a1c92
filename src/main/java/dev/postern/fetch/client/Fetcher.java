package dev.postern.fetch.client;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.Validators;
import java.nio.file.Path;

/** Asks for what is at a URL. */
@FunctionalInterface
public interface Fetcher {

    /**
     * Fetches a resource; takes as long as its limits say, and no longer. Never fails otherwise than by its result.
     *
     * @param known what we have already, by the other side's own words
     * @param into where the answer's bytes go; theirs to write and the caller's to delete
     */
    Fetched fetch(HttpsUrl url, Validators known, Path into);
}
