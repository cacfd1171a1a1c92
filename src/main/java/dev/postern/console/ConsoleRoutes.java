package dev.postern.console;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.Reduction;
import dev.postern.audit.RuleUse;
import dev.postern.decision.Gate;
import dev.postern.listener.Connections;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.qute.Engine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** Hangs the console into the management port, where it is on; and nowhere else. */
@ApplicationScoped
public class ConsoleRoutes {

    private static final Logger LOG = Logger.getLogger(ConsoleRoutes.class);
    private static final String ROOT = "/console/";
    private static final int MOST_FORM = 4096;

    /** Sent with every answer, whatever it is. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action"
                    + " 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), clipboard-write=(self)",
            "Cache-Control",
            "no-store");

    private final Instance<ConsoleSettings> settings;
    private final Instance<AuditTrail> trail;
    private final Instance<Reduction> reduction;
    private final Instance<PolicyStore> policies;
    private final Instance<MeterRegistry> meters;
    private final Instance<Connections> connections;
    private final Instance<SourceResolver> sources;
    private final Instance<RuleUse> uses;
    private final Instance<SourceSettings> sourceSettings;
    private final Instance<Gate> gate;
    private final Instance<HealthCheck> checks;
    private final Instance<Engine> engine;
    private final Instance<InstantSource> clock;
    private Optional<Recorder> recorder = Optional.empty();

    ConsoleRoutes(
            Instance<ConsoleSettings> settings,
            Instance<AuditTrail> trail,
            Instance<Reduction> reduction,
            Instance<PolicyStore> policies,
            Instance<MeterRegistry> meters,
            Instance<Connections> connections,
            Instance<SourceResolver> sources,
            Instance<RuleUse> uses,
            Instance<SourceSettings> sourceSettings,
            Instance<Gate> gate,
            @Readiness Instance<HealthCheck> checks,
            Instance<Engine> engine,
            Instance<InstantSource> clock) {
        this.settings = settings;
        this.trail = trail;
        this.reduction = reduction;
        this.policies = policies;
        this.meters = meters;
        this.connections = connections;
        this.sources = sources;
        this.uses = uses;
        this.sourceSettings = sourceSettings;
        this.gate = gate;
        this.checks = checks;
        this.engine = engine;
        this.clock = clock;
    }

    /** Where the console is off, nothing is made, and nothing listens. */
    void begin(@Observes ManagementInterface management) {
        if (!settings.get().isOn()) {
            return;
        }
        Recorder recording = new Recorder(reduction.get(), clock.get());
        recorder = Optional.of(recording);
        trail.get().listen(recording::take);
        recording.begin();
        Console console = new Console(
                settings.get(),
                new Guard(settings.get().token(), settings.get().sessions()),
                new Templates(engine.get()),
                clock.get(),
                pages(recording));
        var router = management.router();
        router.route(ROOT + "*").handler(ConsoleRoutes::harden);
        router.post(ROOT + "*").handler(BodyHandler.create(false).setBodyLimit(MOST_FORM));
        // Aside: a page may take a while; the file of the word is read there, and the issuer asked.
        router.route(ROOT + "*").blockingHandler(context -> answer(context, console), false);
    }

    private Console.Pages pages(Recorder recording) {
        PolicyStore store = policies.get();
        return new Console.Pages(
                new NowPage(
                        recording,
                        store,
                        meters.get(),
                        () -> checks.stream().map(HealthCheck::call).toList()),
                new RefusalsPage(recording),
                new RulesPage(store, uses.get(), clock.get()),
                new MapPage(store, clock.get()),
                new TryPage(
                        store, sourceSettings.get(), gate.get(), settings.get().endpoints(), clock.get()));
    }

    void stop(@Observes ShutdownEvent event) {
        recorder.ifPresent(recording -> {
            recording.close();
            settings.get().issuer().ifPresent(issuer -> issuer.flow().close());
        });
    }

    /** The pattern takes the path without the slash, too: from there, no relative address would be right. */
    private static void harden(RoutingContext context) {
        HEADERS.forEach(context.response()::putHeader);
        if (context.normalizedPath().length() < ROOT.length()) {
            context.response().setStatusCode(303).putHeader("Location", ROOT).end();
        } else {
            context.next();
        }
    }

    private void answer(RoutingContext context, Console console) {
        HttpServerResponse response = context.response();
        Answer answer;
        try {
            answer = console.answer(ask(context));
        } catch (RuntimeException e) {
            LOG.error("the console could not answer", e);
            answer = Answer.text(500, "the console could not answer; the log says why");
        }
        answer.headers().forEach(response::putHeader);
        response.setStatusCode(answer.status())
                .putHeader("Content-Type", answer.type())
                .end(answer.body());
    }

    private Ask ask(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean isPost = request.method().name().equals("POST");
        Map<String, String> fields = new HashMap<>();
        for (Map.Entry<String, String> field : isPost ? request.formAttributes() : context.queryParams()) {
            fields.putIfAbsent(field.getKey(), field.getValue());
        }
        String site = String.valueOf(request.getHeader("Sec-Fetch-Site"));
        return new Ask(
                request.method().name(),
                context.normalizedPath().substring(ROOT.length()),
                fields,
                sources.get().resolve(connections.get().of(request)),
                cookie(request, Console.COOKIE),
                cookie(request, IssuerLogin.COOKIE),
                bearer(request),
                request.isSSL(),
                !List.of("null", "none", "same-origin").contains(site));
    }

    private static Optional<String> cookie(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getCookie(name)).map(Cookie::getValue);
    }

    private static Optional<String> bearer(HttpServerRequest request) {
        String scheme = "bearer ";
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(scheme))
                .map(value -> value.substring(scheme.length()).strip());
    }
}
