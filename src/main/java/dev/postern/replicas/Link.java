package dev.postern.replicas;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way to Redis, within a time limit. */
interface Link {
    /** Sends these commands one behind the other; the answers stand in the same order. */
    Future<List<@Nullable Response>> send(List<Request> commands);
}
