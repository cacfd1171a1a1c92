package dev.postern.fetch;

import java.util.Optional;

/**
 * By what a publisher knows which of its answers we have (RFC 9110 section 8.8), in its own words.
 *
 * @param etag the {@code ETag}, quotes included
 * @param lastModified the {@code Last-Modified}
 */
public record Validators(Optional<String> etag, Optional<String> lastModified) {

    /** The publisher gave none. */
    public static final Validators NONE = new Validators(Optional.empty(), Optional.empty());

    private static final int MOST = 512;

    /** Leaves out what could not be sent back as it came. */
    public Validators {
        etag = etag.filter(Validators::isSendable);
        lastModified = lastModified.filter(Validators::isSendable);
    }

    private static boolean isSendable(String value) {
        return !value.isEmpty() && value.length() <= MOST && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return etag.isEmpty() && lastModified.isEmpty();
    }
}
