package dev.postern.setup;

import dev.postern.decision.Reason;
import dev.postern.distribution.OciError;
import dev.postern.listener.Intake;
import dev.postern.listener.Pulse;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.FastThreadLocal;
import io.quarkus.scheduler.Scheduled;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.grpc.common.GrpcStatus;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Before every other route of the service port: what an event loop cannot answer in time, and what there is no memory to hold, is
 * told so at once, and nothing else is done for it. The caller is not looked at, so that nobody passes, and nobody is refused
 * for good.
 */
@Singleton
public final class Shedding {

    private static final Logger LOG = Logger.getLogger(Shedding.class);

    /** Before every other route; of those, the one that is registered first. */
    private static final int FIRST = Integer.MIN_VALUE;

    private static final Duration LEAST_LAG = Duration.ofMillis(50);
    private static final Duration MOST_LAG = Duration.ofSeconds(10);

    /** Whoever asks this balances load, and is to know that the process lives. */
    private static final String GRPC_HEALTH = "/grpc.health.v1.Health/";

    /** Envoy's calls are read after their caller is known, and are bounded there. */
    private static final String GRPC_CHECKS = "/envoy.service.auth.v3.";

    private static final String MESSAGE = "too many requests at the moment; try again";
    private static final OciError ERROR = OciError.of(Reason.UNAVAILABLE, MESSAGE);
    private static final String BODY = ERROR.body(Optional.empty());
    private static final String RETRY_AFTER =
            String.valueOf(ERROR.retryAfter(Optional.of(Duration.ofSeconds(1))).orElseThrow());

    private final Duration maxLag;
    private final int maxBodies = Room.bodies(Runtime.getRuntime().maxMemory());
    private final AtomicInteger bodies = new AtomicInteger();
    private final LongAdder shed = new LongAdder();
    private long reported;

    Shedding(PosternConfig config, MeterRegistry meters) {
        this.maxLag = config.overload().maxLag();
        if (!maxLag.isZero()) {
            Bounds.check("postern.overload.max-lag", maxLag, LEAST_LAG, MOST_LAG);
        }
        FunctionCounter.builder("postern.overload.shed", shed, LongAdder::sum)
                .description("Requests that were answered with 503 because more came than could be answered in time")
                .register(meters);
        FunctionCounter.builder("postern.overload.closed", IntakeProvider.intake(), Intake::closed)
                .description(
                        "Connections that were closed: there were too many, or too much of what had not come whole")
                .register(meters);
    }

    void register(@Observes @Priority(1) Router router, Vertx vertx) {
        FastThreadLocal<Pulse> pulses = new FastThreadLocal<>() {
            @Override
            protected Pulse initialValue() {
                return new Pulse(
                        maxLag,
                        System::nanoTime,
                        beat -> vertx.setTimer(Pulse.INTERVAL.toMillis(), timer -> beat.run()));
            }
        };
        boolean lagging = !maxLag.isZero();
        router.route().order(FIRST).handler(context -> {
            HttpServerRequest request = context.request();
            if (lagging && pulses.get().isBehind() && !request.uri().startsWith(GRPC_HEALTH)
                    || request.method() != HttpMethod.GET && !hasRoom(context)) {
                shed(request);
            } else {
                context.next();
            }
        });
    }

    /** Whether the body of one more may be on its way. */
    private boolean hasRoom(RoutingContext context) {
        if (context.request().uri().startsWith(GRPC_CHECKS)) {
            return true;
        }
        if (bodies.incrementAndGet() > maxBodies) {
            bodies.decrementAndGet();
            return false;
        }
        context.addEndHandler(ended -> bodies.decrementAndGet());
        return true;
    }

    private void shed(HttpServerRequest request) {
        shed.increment();
        request.resume();
        HttpServerResponse response = request.response();
        String type = request.getHeader("Content-Type");
        if (type != null && type.startsWith("application/grpc")) {
            // The call's whole answer, without a message: "Trailers-Only".
            response.putHeader("Content-Type", "application/grpc")
                    .putHeader("grpc-status", String.valueOf(GrpcStatus.UNAVAILABLE.code))
                    .putHeader("grpc-message", MESSAGE)
                    .end();
            return;
        }
        var ended = response.setStatusCode(ERROR.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("Retry-After", RETRY_AFTER)
                .end(BODY);
        if (request.version() != HttpVersion.HTTP_2
                && (request.getHeader("Content-Length") != null || request.getHeader("Transfer-Encoding") != null)) {
            // What else it sends is of no use, and may be long.
            ended.onComplete(done -> request.connection().close());
        }
    }

    /** Once in a while, and not for each. */
    @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void report() {
        long now = shed.sum();
        if (now > reported) {
            LOG.warnf("%d requests were answered with 503: more came than could be answered in time", now - reported);
            reported = now;
        }
    }
}
