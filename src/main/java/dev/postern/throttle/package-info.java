/**
 * How often somebody may be wrong: failed credentials are counted by where they come from and by whom they name, and past a
 * limit further guesses wait. The clock is passed in.
 *
 * <p>Nobody may be able to lock somebody else out. So a failure counts only among those of its like:
 *
 * <ul>
 *   <li>A name is guessed at from blocks of addresses from which it has signed in lately ({@code FAMILIAR}), from others that
 *       its account's network rules list ({@code LISTED}), and from all others ({@code OTHER}). Failures of strangers whom
 *       the rules do not list never slow down anybody whom they do, not even at a place that was never seen before.
 *   <li>At a familiar place, a name has a count of its own: neither what neighbours behind the same address get wrong, nor
 *       what is guessed from elsewhere, listed or not, is held against it.
 *   <li>What cannot be guessed, an API key, and what is known to be right is never asked about here.
 * </ul>
 *
 * <p>What is left is whom nothing tells apart: at a place where a name has not been lately, its owner shares a limit with
 * all others whom the rules list, which is everybody where an account has no list; and at a familiar place with whoever
 * guesses at this very name behind the same address.
 *
 * <p>Memory is bounded and is taken once. It holds keyed digests, never a name. Names count as they are sent, whether or not
 * somebody has them, so nothing is told by being slowed down.
 */
@NullMarked
package dev.postern.throttle;

import org.jspecify.annotations.NullMarked;
