/**
 * Asking over HTTPS, and keeping what came of it.
 *
 * <p>{@link dev.postern.fetch.client.HttpsFetcher} asks only addresses that may be asked, follows no redirect to another
 * host, and reads no more and no longer than its limits say. Feeds and bundles are both fetched by it.
 */
@NullMarked
package dev.postern.fetch.client;

import org.jspecify.annotations.NullMarked;
