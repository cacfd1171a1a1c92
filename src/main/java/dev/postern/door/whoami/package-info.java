/**
 * {@code GET /whoami}: what Postern sees of the caller, for anyone who asks. It says where the caller was found to be and
 * which hops were believed, and nothing of rules, accounts or users.
 */
@NullMarked
package dev.postern.door.whoami;

import org.jspecify.annotations.NullMarked;
