package dev.postern.replicas;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Goes round: says what is new here, hears what is new elsewhere, waits a little, and again, for as long as it is open. What
 * fails is tried anew, on a new connection. All of it happens on one event loop, and nobody ever waits for it.
 */
public final class Exchange implements AutoCloseable {

    /** How soon the next round begins after one. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration PAUSE_AFTER_A_FAILURE = Duration.ofMillis(500);

    /** How long any answer may take. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** After so long without a round that succeeded, what others say is not known. */
    static final Duration STALE = Duration.ofSeconds(3);

    /** The codes of errors of Redis that an operator can do something about. */
    private static final Pattern CODE =
            Pattern.compile("\\b(WRONGTYPE|NOAUTH|WRONGPASS|NOPERM|READONLY|LOADING|OOM|MISCONF"
                    + "|BUSY|CLUSTERDOWN|MASTERDOWN|MOVED|CROSSSLOT)\\b");

    private final Vertx vertx;
    private final Redis redis;
    private final InstantSource clock;
    private final List<Part> parts;
    private final Consumer<State> changes;
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable RedisConnection connection;
    private volatile State state;
    private volatile boolean closed;
    private volatile long timer;

    /**
     * How it goes.
     *
     * @param heard when a round succeeded last
     * @param trouble why the last one did not
     */
    public record State(Optional<Instant> heard, Optional<String> trouble) {
        /** Whether what others say is not known. */
        public boolean isStale(Instant now) {
            return heard.map(at -> at.plus(STALE).isBefore(now)).orElse(true);
        }
    }

    /**
     * An exchange that has not begun.
     *
     * @param changes is told when trouble begins, changes or ends
     */
    Exchange(Vertx vertx, Redis redis, InstantSource clock, List<Part> parts, Consumer<State> changes) {
        this.vertx = vertx;
        this.redis = redis;
        this.clock = clock;
        this.parts = List.copyOf(parts);
        this.changes = changes;
        this.state = new State(Optional.empty(), Optional.empty());
    }

    /** Begins. */
    public void begin() {
        vertx.getOrCreateContext().runOnContext(nothing -> round());
    }

    /** How it goes now. */
    public State state() {
        return state;
    }

    /** How many rounds succeeded. */
    public long rounds() {
        return rounds.get();
    }

    /** How many did not. */
    public long failures() {
        return failures.get();
    }

    private void round() {
        if (closed) {
            return;
        }
        Future<Void> round = connected().compose(nothing -> {
            Future<Void> done = Future.succeededFuture();
            for (Part part : parts) {
                done = done.compose(before -> part.round(this::send, clock.instant()));
            }
            return done;
        });
        round.onSuccess(done -> {
                    rounds.incrementAndGet();
                    become(new State(Optional.of(clock.instant()), Optional.empty()));
                    next(PAUSE);
                })
                .onFailure(failure -> {
                    failures.incrementAndGet();
                    disconnect();
                    become(new State(state.heard(), Optional.of(why(failure))));
                    next(PAUSE_AFTER_A_FAILURE);
                });
    }

    private void next(Duration pause) {
        if (!closed) {
            timer = vertx.setTimer(pause.toMillis(), id -> round());
        }
    }

    private void become(State next) {
        State before = state;
        state = next;
        if (!before.trouble().equals(next.trouble())
                || before.heard().isEmpty() && next.heard().isPresent()) {
            changes.accept(next);
        }
    }

    /** What Redis or the network says may have an address in it, and a password in an address: its kind and code tell enough. */
    private static String why(Throwable failure) {
        Matcher code = CODE.matcher(String.valueOf(failure.getMessage()));
        String kind = failure.getClass().getSimpleName();
        return code.find() ? kind + " " + code.group() : kind;
    }

    private Future<Void> connected() {
        if (connection != null) {
            return Future.succeededFuture();
        }
        Future<RedisConnection> connecting = redis.connect();
        return connecting
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .<Void>map(made -> {
                    connection = made;
                    made.exceptionHandler(lost -> disconnect(made));
                    made.endHandler(ended -> disconnect(made));
                    return null;
                })
                // One that comes too late is nobody's.
                .onFailure(late -> connecting.onSuccess(RedisConnection::close));
    }

    private Future<List<@Nullable Response>> send(List<Request> commands) {
        RedisConnection to = connection;
        if (to == null || closed) {
            return Future.failedFuture(new IllegalStateException("not connected"));
        }
        return to.batch(commands).timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void disconnect(RedisConnection lost) {
        if (connection == lost) {
            connection = null;
        }
    }

    private void disconnect() {
        RedisConnection old = connection;
        connection = null;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
        vertx.runOnContext(nothing -> disconnect());
    }
}
