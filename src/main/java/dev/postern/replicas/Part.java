package dev.postern.replicas;

import io.vertx.core.Future;
import java.time.Instant;

/** One thing that is exchanged. */
interface Part {
    /** Says what others do not know, and hears what they have said. */
    Future<Void> round(Link link, Instant now);
}
