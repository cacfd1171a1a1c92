/**
 * Following publishers: fetching, the copies on disk, and the times.
 *
 * <p>{@link dev.postern.feed.load.FeedKeeper} keeps what feeds hold. What a publisher says is fetched over HTTPS from
 * public addresses alone, bounded in size and time, parsed and judged in {@code feed}, and only what is good replaces what
 * was. The last good copy survives restarts: a start without a network has its zones.
 */
@NullMarked
package dev.postern.feed.load;

import org.jspecify.annotations.NullMarked;
