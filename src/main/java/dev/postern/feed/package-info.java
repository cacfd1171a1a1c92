/**
 * Zones that follow a publisher: what a feed is, how a published file is read, and by which rules its content is taken.
 *
 * <p>{@link dev.postern.feed.FeedParser} turns the bytes of a publisher into a set of addresses, whole or not at all.
 * {@link dev.postern.feed.FeedState} decides what becomes of that set: taken, or held back until a person has looked. A
 * publisher's mistake empties no zone and opens none. Plain Java beside Jackson's streaming parser: no framework, no
 * files, no network, no clock but the instant passed in. Fetching and keeping is in {@code feed.load}.
 */
@NullMarked
package dev.postern.feed;

import org.jspecify.annotations.NullMarked;
