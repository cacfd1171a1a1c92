package dev.postern.setup;

import dev.postern.audit.AuditLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.PrintStream;
import org.jboss.logging.Logger;

/** Where audit events go, and who says when some are lost. */
@ApplicationScoped
public class AuditService {

    private static final Logger LOG = Logger.getLogger(AuditService.class);

    private final MeterRegistry meters;
    private final AuditLog log;
    private final Meter lost;
    private long told;

    AuditService(MeterRegistry meters) {
        this.meters = meters;
        // The other log's lines go by the same stream: none of either stands in the middle of another.
        PrintStream out = System.out;
        this.log = new AuditLog((lines, length) -> {
            out.write(lines, 0, length);
            // Flushes, too.
            return !out.checkError();
        });
        this.lost = FunctionCounter.builder("postern.audit.lost", log, AuditLog::lost)
                .description("Audit events that could not be written")
                .register(meters);
    }

    /** The log of audit events, on standard output: a JSON object a line. */
    @Produces
    @Singleton
    AuditLog log() {
        return log;
    }

    /** Tells of losses, once for many. */
    @Scheduled(every = "10s")
    void report() {
        long now = log.lost();
        if (now > told) {
            LOG.errorf(
                    "%d audit events were lost: standard output did not take them, or not as fast as they came",
                    now - told);
            told = now;
        }
    }

    @PreDestroy
    void close() {
        log.close();
        meters.remove(lost);
    }
}
