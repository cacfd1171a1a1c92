package dev.postern.setup;

import dev.postern.audit.AuditLog;
import dev.postern.timing.Courses;
import dev.postern.timing.Recorder;
import dev.postern.tracing.Sampling;
import dev.postern.tracing.Tracer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Where traces go, where the settings name a collector, and who says when some are lost. */
@ApplicationScoped
public class TracingService {

    private static final Logger LOG = Logger.getLogger(TracingService.class);

    private final MeterRegistry meters;
    private final Courses courses;
    private final Sampling sampling;
    private final Optional<AuditLog> log;
    private final List<Meter> shown = new ArrayList<>();
    private long told;

    TracingService(PosternConfig config, MeterRegistry meters, TlsConfigurationRegistry tls, Courses courses) {
        this.meters = meters;
        this.courses = courses;
        TracingSettings settings =
                new TracingSettings(config.tracing(), (key, name) -> AuditService.trust(key, name, tls));
        this.sampling = settings.sampling();
        this.log = settings.sink().map(sink -> new AuditLog("traces", sink));
    }

    /** Before requests come. */
    void begin(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event, InstantSource clock) {
        if (log.isEmpty()) {
            return;
        }
        AuditLog spans = log.get();
        Tracer tracer = new Tracer(sampling, spans, clock);
        courses.recordedBy(tracer);
        shown.add(FunctionCounter.builder("postern.traces", tracer, Tracer::recorded)
                .description("Decisions that were recorded as traces")
                .register(meters));
        shown.add(FunctionCounter.builder("postern.traces.skipped", sampling, Sampling::beyond)
                .description("Decisions that were to be recorded, and were more than are in a second")
                .register(meters));
        shown.add(FunctionCounter.builder("postern.traces.lost.spans", spans, AuditLog::lost)
                .description("Spans that the collector did not take, or for which there was no room")
                .register(meters));
    }

    /** Tells of losses, once for many. */
    @Scheduled(every = "10s")
    void report() {
        long now = log.map(AuditLog::lost).orElse(0L);
        if (now > told) {
            LOG.warnf(
                    "%d spans of traces were lost%s",
                    now - told,
                    log.flatMap(AuditLog::trouble).map(why -> ": " + why).orElse(""));
            told = now;
        }
    }

    @PreDestroy
    void close() {
        courses.recordedBy(Recorder.NOBODY);
        AuditLog.closeAll(log.stream().toList());
        shown.forEach(meters::remove);
    }
}
