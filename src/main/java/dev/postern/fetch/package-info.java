/**
 * What is fetched from where: URLs, the addresses that may be asked, by what an answer is known, and how much of it is
 * read. Plain values; {@code fetch.client} does the asking.
 */
@NullMarked
package dev.postern.fetch;

import org.jspecify.annotations.NullMarked;
