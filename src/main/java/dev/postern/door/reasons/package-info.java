/**
 * {@code GET /reasons}: what may be the matter when Postern refuses, and whom to ask, for people who pull. The page is the same for
 * everybody: it says nothing of rules, accounts or users, and nothing of who asks.
 */
@NullMarked
package dev.postern.door.reasons;

import org.jspecify.annotations.NullMarked;
