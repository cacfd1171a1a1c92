package dev.postern.setup;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.RuleUse;
import dev.postern.policy.NetworkSection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Has rules counted, and names those that nobody needs: once a day in the log, and by their number at any time. */
@ApplicationScoped
public class RuleUseService {

    private static final Logger LOG = Logger.getLogger(RuleUseService.class);
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(3650);
    private static final Duration BETWEEN_REPORTS = Duration.ofDays(1);
    private static final int MOST_NAMED = 20;

    private final RuleUse use;
    private final Duration unusedAfter;
    private final InstantSource clock;
    private final MultiGauge unused;
    private Instant nextReport;

    RuleUseService(RuleUse use, PosternConfig config, InstantSource clock, MeterRegistry meters) {
        this.use = use;
        this.unusedAfter = config.rules().unusedAfter();
        Bounds.check("postern.rules.unused-after", unusedAfter, LEAST, MOST);
        this.clock = clock;
        this.nextReport = clock.instant().plus(BETWEEN_REPORTS);
        this.unused = MultiGauge.builder("postern.rules.unused")
                .description("Network rules that were not used for postern.rules.unused-after")
                .register(meters);
    }

    void begin(@Observes StartupEvent event, AuditTrail trail) {
        trail.listen(use::count);
        tick();
    }

    /** Looks, and says what is to be said. */
    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    synchronized void tick() {
        Instant now = clock.instant();
        RuleUse.Snapshot found = use.unused(now, unusedAfter, Integer.MAX_VALUE);
        Map<String, Long> byKind = new TreeMap<>(Map.of("enterprise", 0L, "account", 0L, "identity", 0L));
        byKind.putAll(found.entries().stream()
                .map(entry -> kind(entry.ruleset()))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        unused.register(
                byKind.entrySet().stream()
                        .map(kind -> MultiGauge.Row.of(Tags.of("ruleset", kind.getKey()), kind.getValue()))
                        .toList(),
                true);
        if (!now.isBefore(nextReport)) {
            nextReport = now.plus(BETWEEN_REPORTS);
            report(found.entries(), unusedAfter).ifPresent(LOG::warn);
        }
    }

    private static String kind(String ruleset) {
        if (ruleset.equals(NetworkSection.ENTERPRISE)) {
            return "enterprise";
        }
        return ruleset.startsWith(NetworkSection.ACCOUNT) ? "account" : "identity";
    }

    /** What is said of rules that were not used; nothing where there is none. */
    static Optional<String> report(List<RuleUse.Entry> found, Duration unusedAfter) {
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String named =
                found.stream().limit(MOST_NAMED).map(RuleUseService::text).collect(Collectors.joining("\n"));
        int more = found.size() - MOST_NAMED;
        return Optional.of(found.size() + (found.size() == 1 ? " network rule has" : " network rules have")
                + " not been used for " + unusedAfter.toDays() + " days or longer (postern.rules.unused-after):\n"
                + named
                + (more > 0 ? "\n  and " + more + " more" : ""));
    }

    private static String text(RuleUse.Entry entry) {
        return "  " + entry.rule().position() + ": " + entry.ruleset() + (entry.denies() ? " denies " : " allows ")
                + entry.rule().text()
                + entry.lastUse()
                        .map(at -> ", used last at " + at)
                        .orElseGet(() -> ", not once since " + entry.since());
    }
}
