/** What replicas tell each other, by way of a real Redis. */
@NullMarked
package dev.postern.replicas;

import org.jspecify.annotations.NullMarked;
