package dev.postern.setup;

import dev.postern.audit.AuditLog;
import dev.postern.audit.AuditOutlets;
import dev.postern.audit.Reduction;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;

/** Where audit events go, and who says when some are lost. */
@ApplicationScoped
public class AuditService {

    private static final Logger LOG = Logger.getLogger(AuditService.class);

    private final MeterRegistry meters;
    private final AuditOutlets outlets;
    private final Reduction reduction;
    private final List<AuditLog> logs = new ArrayList<>();
    private final List<Meter> shown = new ArrayList<>();
    private final Map<String, Long> told = new HashMap<>();

    AuditService(PosternConfig config, MeterRegistry meters, TlsConfigurationRegistry tls) {
        this.meters = meters;
        AuditSettings settings = new AuditSettings(config, (key, name) -> trust(key, name, tls));
        List<AuditOutlets.Outlet> to = new ArrayList<>();
        for (AuditSettings.Place place : settings.places()) {
            AuditLog log = new AuditLog(place.name(), place.sink());
            logs.add(log);
            to.add(new AuditOutlets.Outlet(place.form(), log));
            shown.add(FunctionCounter.builder("postern.audit.lost", log, AuditLog::lost)
                    .description("Audit events that could not be written")
                    .tag("sink", place.name())
                    .register(meters));
            shown.add(Gauge.builder("postern.audit.waiting", log, AuditLog::waiting)
                    .description("Audit events that wait to be written: 16,384 at most")
                    .tag("sink", place.name())
                    .register(meters));
        }
        this.reduction = settings.reduction();
        this.outlets = new AuditOutlets(reduction, to);
    }

    /** What cannot be used stops the start, and not the first request. */
    void begin(@Observes StartupEvent event) {
        LOG.debugf("audit events go to %s", logs.stream().map(AuditLog::name).toList());
    }

    /** Whose certificates a place of that name may have; of the JDK's authorities, where there is no name. */
    static SSLContext trust(String key, Optional<String> named, TlsConfigurationRegistry registry) {
        try {
            if (named.isEmpty()) {
                return SSLContext.getDefault();
            }
            TlsConfiguration known = registry.get(named.get())
                    .orElseThrow(() -> new StartFault(key + " is '" + named.get()
                            + "', and there is no TLS configuration quarkus.tls." + named.get()));
            if (known.isTrustAll()) {
                throw new StartFault(
                        "quarkus.tls." + named.get() + " trusts everybody: whoever stands between could read"
                                + " the events; list the certificates to trust (trust-store)");
            }
            return known.createSSLContext();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has a default context", e);
        } catch (StartFault fault) {
            throw fault;
        } catch (Exception unusable) {
            throw new StartFault(key + ": quarkus.tls." + named.orElse("") + " cannot be used ("
                    + unusable.getClass().getSimpleName() + ")");
        }
    }

    /** Where events go. */
    @Produces
    @Singleton
    AuditOutlets outlets() {
        return outlets;
    }

    /** Why places take no events at the moment, by their names. */
    Map<String, String> troubles() {
        Map<String, String> troubles = new TreeMap<>();
        logs.forEach(log -> log.trouble().ifPresent(why -> troubles.put(log.name(), why)));
        return troubles;
    }

    /** How many events were lost since the start. */
    long lost() {
        return logs.stream().mapToLong(AuditLog::lost).sum();
    }

    /** What is made less of in what is shown of events, too. */
    @Produces
    @Singleton
    Reduction reduction() {
        return reduction;
    }

    /** Tells of losses, once for many. */
    @Scheduled(every = "10s")
    void report() {
        for (AuditLog log : logs) {
            long now = log.lost();
            long before = told.getOrDefault(log.name(), 0L);
            if (now > before) {
                LOG.errorf(
                        "%d audit events were lost: %s did not take them, or not as fast as they came%s",
                        now - before,
                        log.name().equals("stdout") ? "standard output" : log.name(),
                        log.trouble().map(why -> " (" + why + ")").orElse(""));
                told.put(log.name(), now);
            } else {
                log.trouble().ifPresent(why -> LOG.warnf("audit events wait for %s: %s", log.name(), why));
            }
        }
    }

    @PreDestroy
    void close() {
        AuditLog.closeAll(logs);
        shown.forEach(meters::remove);
    }
}
