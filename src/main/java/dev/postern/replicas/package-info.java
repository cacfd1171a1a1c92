/**
 * What the replicas of one Postern tell each other, by way of a Redis that they share.
 *
 * <p>Nothing of it is needed to decide right: each replica has the policy, the keys and the revocations that are on its disk.
 * What it hears besides can refuse more, and can never let in: a revocation, a failed guess, a key below the authority that it
 * knows itself. Redis slow, gone or emptied takes nothing back that was heard.
 *
 * <p>An {@link dev.postern.replicas.Exchange} goes round a few times a second, on a connection of its own, and never blocks.
 * Per service there are two {@linkplain dev.postern.replicas.SharedSet sets} of lines and one
 * {@linkplain dev.postern.replicas.SharedLog log}.
 */
@NullMarked
package dev.postern.replicas;

import org.jspecify.annotations.NullMarked;
